// time: durations, calendars, formats and parsing of fixed times.
package main

import (
	"fmt"
	"time"
)

func main() {
	for _, d := range []time.Duration{0, 1, -1, 999, 1000, 1500, time.Millisecond, 1234567890, time.Minute, 90 * time.Minute, 1<<63 - 1, -1 << 63, 2*time.Hour + 3*time.Second + 4} {
		fmt.Println(d, d.Hours(), d.Minutes(), d.Seconds(), d.Milliseconds(), d.Round(time.Second), d.Truncate(time.Minute), d.Abs())
	}
	for _, s := range []string{"1h2m3s", "-1.5h", "300ms", "1us", "1µs", "", "3", "1x", ".5s", "9223372036854775807ns", "9223372036854775808ns", "+5s", "1h-2m"} {
		d, err := time.ParseDuration(s)
		fmt.Println(s, d, err)
	}
	est := time.FixedZone("EST", -5*3600)
	times := []time.Time{
		{}, time.Unix(0, 0).UTC(), time.Date(2024, 2, 29, 23, 59, 59, 123456789, time.UTC), time.Date(1999, 12, 31, 5, 4, 3, 0, est),
		time.Date(2023, 14, -5, 30, 70, 80, 2e9, time.UTC), time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 1000000, est),
	}
	layouts := []string{time.ANSIC, time.UnixDate, time.RFC822, time.RFC850, time.RFC1123Z, time.RFC3339, time.RFC3339Nano, time.Kitchen, time.StampMicro, time.DateTime, "2006-002 Mon _2 Jan 06 3:4:5PM .000 ,999 Z07 -0700 -07:00:00 pm"}
	for _, t := range times {
		fmt.Println(t, t.Unix(), t.Weekday(), t.YearDay(), t.IsZero())
		y, w := t.ISOWeek()
		fmt.Println(y, w, t.Month(), t.Hour(), t.Nanosecond(), t.Location())
		for _, l := range layouts {
			fmt.Print(t.Format(l), " | ")
		}
		fmt.Println()
		b, err := t.MarshalJSON()
		fmt.Println(string(b), err, t.Truncate(time.Hour).Format(time.DateTime), t.Round(24*time.Hour).Format(time.DateTime), t.Add(36*time.Hour).Format(time.DateOnly), t.AddDate(1, -1, 31).Format(time.DateOnly))
		fmt.Printf("%v %s %#v\n", t, t, t.UTC())
	}
	fmt.Println(times[2].Sub(times[3]), times[2].After(times[3]), times[3].Before(times[2]), times[2].Equal(times[2].In(est)), times[2] == times[2].In(est), times[2].Compare(times[3]))
	for _, c := range [][2]string{
		{time.RFC3339, "2024-02-29T12:30:45Z"}, {time.RFC3339, "2024-02-29T12:30:45.678+02:00"}, {time.RFC3339, "2023-02-29T12:30:45Z"}, {time.RFC3339, "garbage"},
		{time.ANSIC, "Mon Jan  2 15:04:05 2006"}, {time.Kitchen, "3:04PM"}, {time.Kitchen, "13:04PM"}, {time.DateOnly, "2024-13-01"}, {time.RFC1123, "Thu, 29 Feb 2024 12:30:45 GMT"}, {"2006 002", "2024 060"}, {time.DateTime, "2024-01-01 00:00:00 extra"}, {"Jan _2 2006", "Feb  3 2013"}, {"02.01.06", "31.12.68"}, {"15h", "25h"},
	} {
		t, err := time.Parse(c[0], c[1])
		fmt.Println(t, err)
	}
	t, err := time.ParseInLocation(time.DateTime, "2024-06-01 10:00:00", est)
	fmt.Println(t, err, t.UTC())
	var u time.Time
	fmt.Println(u.UnmarshalText([]byte("2020-01-02T03:04:05.6Z")), u)
	bin, _ := u.MarshalBinary()
	var w time.Time
	fmt.Println(w.UnmarshalBinary(bin), w.Equal(u), time.UnixMilli(1700000000123).UTC(), time.UnixMicro(-1).UTC())
	for _, m := range []time.Month{0, 1, 12, 13} {
		fmt.Print(m, " ")
	}
	fmt.Println(time.Weekday(3), time.Weekday(9), time.UTC)
	fmt.Println(time.Date(2024, 3, 10, 2, 30, 0, 0, est).Zone())
}
