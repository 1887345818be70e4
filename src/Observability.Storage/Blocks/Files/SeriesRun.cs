namespace Observability.Storage.Blocks.Files;

/// <summary>Neighbouring samples of a series: rows of a times column, and the column of their values.</summary>
internal readonly record struct SeriesRun(int Times, int FirstRow, int Rows, int Unit, int Column)
{
    /// <summary>True when the run takes all rows of its column of times.</summary>
    public bool IsWhole(in TimesEntry times) => FirstRow == 0 && Rows == times.Rows;
}
