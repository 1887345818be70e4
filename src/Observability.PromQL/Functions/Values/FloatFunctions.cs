namespace Observability.PromQL.Functions.Values;

/// <summary>Functions of one float, by name.</summary>
internal static class FloatFunctions
{
    public static IReadOnlyDictionary<string, Func<double, double>> ByName { get; } = new Dictionary<string, Func<double, double>>(StringComparer.Ordinal)
    {
        ["abs"] = Math.Abs,
        ["acos"] = Math.Acos,
        ["acosh"] = Math.Acosh,
        ["asin"] = Math.Asin,
        ["asinh"] = Math.Asinh,
        ["atan"] = Math.Atan,
        ["atanh"] = Math.Atanh,
        ["ceil"] = Math.Ceiling,
        ["cos"] = Math.Cos,
        ["cosh"] = Math.Cosh,
        ["deg"] = static value => value * 180 / Math.PI,
        ["exp"] = Math.Exp,
        ["floor"] = Math.Floor,
        ["ln"] = Math.Log,
        ["log10"] = Math.Log10,
        ["log2"] = Math.Log2,
        ["rad"] = static value => value * Math.PI / 180,
        ["sgn"] = static value => value < 0 ? -1 : value > 0 ? 1 : value,
        ["sin"] = Math.Sin,
        ["sinh"] = Math.Sinh,
        ["sqrt"] = Math.Sqrt,
        ["tan"] = Math.Tan,
        ["tanh"] = Math.Tanh,

        ["day_of_month"] = static seconds => Calendar.Of(seconds).Day,
        ["day_of_week"] = static seconds => Calendar.Of(seconds).DayOfWeek,
        ["day_of_year"] = static seconds => Calendar.Of(seconds).DayOfYear,
        ["days_in_month"] = static seconds => Calendar.Of(seconds).DaysInMonth,
        ["hour"] = static seconds => Calendar.Of(seconds).Hour,
        ["minute"] = static seconds => Calendar.Of(seconds).Minute,
        ["month"] = static seconds => Calendar.Of(seconds).Month,
        ["year"] = static seconds => Calendar.Of(seconds).Year,
    };
}
