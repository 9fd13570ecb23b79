"""What programs fetch again and again: calendars to subscribe to, and news of dates (specs/calendar.md 4).
`public` and `personal` are the pages, `stamps` tells in two statements whether anything changed, `answers` speaks HTTP,
`entries` are the contents of a feed, `calendars` and `atom` serialize them, `addresses` are the links that people
subscribe with.
"""
