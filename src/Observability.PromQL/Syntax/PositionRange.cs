using System.Globalization;
using System.Text;

namespace Observability.PromQL.Syntax;

/// <summary>A part of a query's text, in UTF-16 units.</summary>
/// <param name="Start">The first unit.</param>
/// <param name="End">Behind the last unit.</param>
public readonly record struct PositionRange(int Start, int End)
{
    /// <summary>Of nodes that stand in no text.</summary>
    public static PositionRange None { get; } = new(-1, -1);

    /// <summary>From the start of the first to the end of the last.</summary>
    public static PositionRange Merge(PositionRange first, PositionRange last) => new(first.Start, last.End);

    /// <summary>The start as <c>line:column</c>, both from 1, the column in UTF-8 bytes as Prometheus counts it.</summary>
    public string StartIn(string text)
    {
        if (text.Length == 0)
            return "unknown position";
        if (Start < 0 || Start > text.Length)
            return "invalid position";
        ReadOnlySpan<char> before = text.AsSpan(0, Start);
        int line = 1 + before.Count('\n');
        int column = 1 + Encoding.UTF8.GetByteCount(before[(before.LastIndexOf('\n') + 1)..]);
        return string.Create(CultureInfo.InvariantCulture, $"{line}:{column}");
    }
}
