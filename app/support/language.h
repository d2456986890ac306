/* The languages that people are spoken to in. */
#ifndef MADANG_APP_SUPPORT_LANGUAGE_H
#define MADANG_APP_SUPPORT_LANGUAGE_H

typedef enum show_language { SHOW_ENGLISH, SHOW_KOREAN, SHOW_LANGUAGES } show_language;

/* A row of a table of words, of a list X(name, english, korean). */
#define LANGUAGE_ROW(name, english, korean) { english, korean },

/* Of --lang: "ko" is Korean, anything else English. */
show_language language_of(const char *code);

#endif
