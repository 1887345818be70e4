namespace Observability.Storage.Blocks.Files;

/// <summary>Neighbouring samples of a series: rows of a times column, and the column of their values.</summary>
internal readonly record struct SeriesRun(int Times, int FirstRow, int Rows, int Unit, int Column);
