/* Why a meter was not measured, and what is odd about one that was, in both languages. */
#include "measure/meter_words.h"

#include "measure/tally.h"

#include <string.h>

const char *meter_status_words(show_language l, mdg_meter_status s)
{
    static const char *const korean[MDG_METER_STATUS_COUNT] = {
        [MDG_METER_OK] = "측정됨",
        [MDG_METER_NO_STATION] = "기상 자료에 없는 관측소",
        [MDG_METER_NO_INSTALLATION_DATE] = "설치일이 없거나 쓸 수 없음",
        [MDG_METER_NO_READINGS] = "기준 기간과 보고 기간에 검침값이 없음",
        [MDG_METER_TOO_COARSE] = "검침 간격이 모형에 비해 김",
        [MDG_METER_NO_BASELINE] = "기준 기간의 검침값이 없음",
        [MDG_METER_NO_WEATHER] = "기준 기간의 기온이 없음",
        [MDG_METER_MISSING_DAYS] = "기준 기간의 결측이 10 %를 넘음",
        [MDG_METER_NEGATIVE_USE] = "기준 기간에 음(−)의 사용량이 있음: 태양광 발전 또는 역송",
        [MDG_METER_NET_METERING] = "보고 기간에만 음(−)의 사용량이 있음: 태양광 발전이 새로 설치됨",
        [MDG_METER_ALL_ZERO] = "기준 기간의 사용량이 모두 0",
        [MDG_METER_NO_MODEL] = "조건을 만족하는 모형이 없음",
        [MDG_METER_NO_REPORTING] = "보고 기간에 검침값과 기온이 함께 있는 때가 없음",
        [MDG_METER_CVRMSE] = "모형 오차가 평균 사용량의 100 %를 넘음",
        [MDG_METER_PARTIAL_REPORTING] = "다음 해의 90 % 미만에 검침값과 기온이 있음",
        [MDG_METER_NO_ERROR_SCALE] = "예상 사용량이 없거나 기준 기간이 짧아 변동을 알 수 없음",
    };
    return l == SHOW_KOREAN ? korean[s] : mdg_meter_status_words(s);
}

const char *meter_flag_words(show_language l, mdg_meter_flag f)
{
    static const char *const korean[MDG_METER_FLAG_COUNT] = {
        [MDG_FLAG_EXTREME_VALUES] = "다른 날이나 고지서보다 훨씬 큰 값이 있음",
        [MDG_FLAG_BASELINE_NOT_365] = "기준 기간이 365일이 아님",
        [MDG_FLAG_REPORTING_NOT_FULL] = "보고 기간의 90 % 미만만 측정됨",
        [MDG_FLAG_NEGATIVE_READINGS] = "음(−)의 검침값이 있음: 태양광 발전 또는 역송",
        [MDG_FLAG_LONG_BILLS] = "보고 기간의 고지서가 기준 기간에 허용되는 길이보다 김",
        [MDG_FLAG_ESTIMATED_BILLS] = "추정 고지서를 다음 검침과 합침",
        [MDG_FLAG_MONTHS_WITHOUT_MODEL] = "시간 자료가 부족한 달이 있음",
        [MDG_FLAG_SINGLE_MODEL_REFUSED] = "연간 단일 모형의 편향이 커서 월별 모형을 씀",
        [MDG_FLAG_EVENT_BASELINE] = "기준 기간에 모형으로 설명되지 않는 변화가 있음",
        [MDG_FLAG_EVENT_REPORTING] = "보고 기간 중에 변화가 있음",
    };
    return l == SHOW_KOREAN ? korean[f] : mdg_meter_flag_words(f);
}

const char *meter_group_words(show_language l, const char *label)
{
    return l == SHOW_KOREAN && strcmp(label, tally_missing_label) == 0 ? "(미기재)" : label;
}
