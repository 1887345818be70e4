using Observability.PromQL.Results;

namespace Observability.PromQL.Functions.Labels;

/// <summary>What labels a query may make.</summary>
internal static class LabelRules
{
    /// <summary>Longest value, in UTF-16 units. A chain of label functions could make one that doubles at each link.</summary>
    public const int MaxValueLength = 64 * 1024;

    /// <summary>Any text is a label's name, as long as it is UTF-8: a lone surrogate stands for a byte that is not.</summary>
    public static bool IsValidName(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogatePair(name, i))
                i++;
            else if (char.IsSurrogate(name[i]))
                return false;
        }
        return name.Length > 0;
    }

    /// <param name="length">Of the value before it is made, or more.</param>
    /// <param name="function">Which function makes it.</param>
    /// <exception cref="QueryLimitException">It would be too long.</exception>
    public static void CheckLength(long length, string function)
    {
        if (length > MaxValueLength)
            throw new QueryLimitException(QueryLimit.Bytes, $"{function}() would make a label value that is longer than a query may make: the limit is {MaxValueLength.ToString(System.Globalization.CultureInfo.InvariantCulture)} characters");
    }
}
