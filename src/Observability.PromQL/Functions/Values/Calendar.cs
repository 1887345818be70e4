namespace Observability.PromQL.Functions.Values;

/// <summary>A time in UTC, in the proleptic Gregorian calendar; unlike <see cref="DateTime"/> of any year that a query can name.</summary>
internal readonly record struct Calendar(long Year, int Month, int Day, int DayOfYear, int DayOfWeek, int Hour, int Minute)
{
    private const long DaysInEra = 146097, SecondsInDay = 86400;

    public int DaysInMonth => Month == 2 ? (IsLeap(Year) ? 29 : 28) : Month is 4 or 6 or 9 or 11 ? 30 : 31;

    /// <param name="seconds">Since the Unix epoch; a fraction is cut off. What is no 64-bit number of seconds counts as the lowest one, as in Prometheus.</param>
    public static Calendar Of(double seconds)
    {
        long whole = seconds is >= -9.2e18 and <= 9.2e18 ? (long)seconds : long.MinValue;
        (long days, long second) = Math.DivRem(whole, SecondsInDay);
        if (second < 0)
            (days, second) = (days - 1, second + SecondsInDay);

        // Years that begin in March have their leap day last: eras of 400 such years repeat.
        long shifted = days + 719468;
        long era = (shifted >= 0 ? shifted : shifted - DaysInEra + 1) / DaysInEra;
        long dayOfEra = shifted - era * DaysInEra;
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
        long dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long monthFromMarch = (5 * dayOfMarchYear + 2) / 153;
        int day = (int)(dayOfMarchYear - (153 * monthFromMarch + 2) / 5 + 1);
        int month = (int)(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        int dayOfYear = (int)(month > 2 ? dayOfMarchYear + 60 + (IsLeap(year) ? 1 : 0) : dayOfMarchYear - 305);
        int dayOfWeek = (int)((days % 7 + 11) % 7);
        return new Calendar(year, month, day, dayOfYear, dayOfWeek, (int)(second / 3600), (int)(second / 60 % 60));
    }

    private static bool IsLeap(long year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
