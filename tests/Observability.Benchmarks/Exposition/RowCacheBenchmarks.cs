using BenchmarkDotNet.Attributes;
using Observability.Exposition;

namespace Observability.Benchmarks.Exposition;

/// <summary>What does a row of a kubelet page cost, known from the scrape before or new? Times are per row; pages come in 16 KiB pieces.</summary>
[MemoryDiagnoser, MinColumn, MedianColumn]
public class RowCacheBenchmarks
{
    // A multiple of both page sizes, so that one constant divides the time of either.
    private const int RowsPerCall = 105_000;
    private const int PieceBytes = 16 << 10;

    private readonly byte[][] _pages = new byte[2][];
    private RowCache _all = null!;
    private RowCache _third = null!;
    private RowCache _cold = null!;

    [Params(5_000, 21_000)]    // nodes of some 20 and 80 pods of two containers
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var page = new KubeletPage(Rows, seed: 7);
        for (int scrape = 0; scrape < _pages.Length; scrape++) _pages[scrape] = page.Render(scrape);
        _all = Warm(keepThird: false);
        _third = Warm(keepThird: true);
        _cold = new RowCache(ExpositionLimits.Default);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _all.Dispose();
        _third.Dispose();
        _cold.Dispose();
    }

    /// <summary>The simplest way: each page read in full, each time.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = RowsPerCall)]
    public double Full_parse()
    {
        double sum = 0;
        for (int i = 0; i < RowsPerCall / Rows; i++)
        {
            var reader = new ExpositionReader(_pages[i & 1], ExpositionFormat.Text);
            while (reader.Read())
                if (reader.Kind == EntryKind.Series) sum += reader.Series.Value + reader.Series.TimestampMs;
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = RowsPerCall)]
    public double Hit_every_row_kept() => Scrape(_all, keepThird: false);

    [Benchmark(OperationsPerInvoke = RowsPerCall)]
    public double Hit_a_third_of_rows_kept() => Scrape(_third, keepThird: true);

    [Benchmark(OperationsPerInvoke = RowsPerCall)]
    public double New_row()
    {
        var sink = new CountingSink(keepThird: false);
        for (int i = 0; i < RowsPerCall / Rows; i++)
        {
            _cold.Clear();
            Feed(_cold, _pages[i & 1], ref sink);
        }
        return sink.Sum;
    }

    private RowCache Warm(bool keepThird)
    {
        var cache = new RowCache(ExpositionLimits.Default);
        var sink = new CountingSink(keepThird);
        Feed(cache, _pages[1], ref sink);
        Feed(cache, _pages[0], ref sink);
        Console.WriteLine($"// {Rows} rows, {_pages[0].Length} bytes a page, {cache.NativeBytes} bytes of native memory");
        return cache;
    }

    private double Scrape(RowCache cache, bool keepThird)
    {
        var sink = new CountingSink(keepThird);
        for (int i = 0; i < RowsPerCall / Rows; i++) Feed(cache, _pages[i & 1], ref sink);
        return sink.Sum;
    }

    private static void Feed(RowCache cache, byte[] page, ref CountingSink sink)
    {
        cache.Begin(ExpositionFormat.Text);
        for (int at = 0; at < page.Length; at += PieceBytes) cache.Feed(page.AsSpan(at, Math.Min(PieceBytes, page.Length - at)), ref sink);
        PageSummary summary = cache.End(ref sink);
        if (summary.Rows != summary.Hits + summary.Defined) throw new InvalidOperationException("The page has bad rows.");
    }
}
