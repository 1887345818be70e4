namespace Observability.Exposition;

/// <summary>What of a line is read.</summary>
internal static class Lines
{
    /// <summary>
    /// Takes off what stands around a row in the text format: blanks, and the carriage return of a page with Windows line breaks
    /// (refused by Prometheus, accepted by VictoriaMetrics and here). OpenMetrics allows neither.
    /// </summary>
    /// <param name="line">Without its line feed.</param>
    /// <param name="openMetrics">Whether to be strict.</param>
    /// <param name="limits">For the length, which counts blanks.</param>
    /// <param name="content">What is left; empty for a blank line.</param>
    internal static RowFault Trim(ReadOnlySpan<byte> line, bool openMetrics, ExpositionLimits limits, out ReadOnlySpan<byte> content)
    {
        content = line;
        if (!openMetrics && line.EndsWith("\r"u8)) content = line[..^1];
        if (content.Length > limits.MaxLineBytes) return RowFault.LineTooLong;
        if (!openMetrics) content = content.Trim(" \t"u8);
        return openMetrics && content.IsEmpty ? RowFault.BlankLine : RowFault.None;
    }
}
