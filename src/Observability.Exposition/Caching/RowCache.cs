namespace Observability.Exposition;

/// <summary>
/// Reads the pages of one target, scrape after scrape, and remembers the keys of the last one. Not for two threads at a time.
/// Order of calls: <see cref="Begin"/>, any number of <see cref="Feed"/>, <see cref="End"/>; a page that is not ended is forgotten by the next Begin.
/// </summary>
public sealed class RowCache : IDisposable
{
    public RowCache(ExpositionLimits limits) => throw new NotImplementedException();

    /// <summary>Native memory held now: keys, slots and indexes.</summary>
    public long NativeBytes => throw new NotImplementedException();

    /// <summary>Starts a page.</summary>
    public void Begin(ExpositionFormat format) => throw new NotImplementedException();

    /// <summary>Reads a piece of the page, cut anywhere.</summary>
    /// <returns>False once the page has a fault: the rest need not be fetched.</returns>
    public bool Feed<TSink>(ReadOnlySpan<byte> chunk, ref TSink sink) where TSink : IRowSink, allows ref struct => throw new NotImplementedException();

    /// <summary>Ends the page; a last line without a line break is read now.</summary>
    public PageSummary End<TSink>(ref TSink sink) where TSink : IRowSink, allows ref struct => throw new NotImplementedException();

    /// <summary>Between pages: forgets what was decided for the slots that <paramref name="slotIsStale"/> names; their keys are defined again at the next page.</summary>
    /// <param name="slotIsStale">Asked with slots of 0 or more.</param>
    public void Invalidate(Func<int, bool> slotIsStale) => throw new NotImplementedException();

    /// <summary>Forgets every key; memory is given back.</summary>
    public void Clear() => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
