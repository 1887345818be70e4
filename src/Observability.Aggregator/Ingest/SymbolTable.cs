using System.Text;

namespace Observability.Aggregator.Ingest;

/// <summary>One stream's symbols. It ends with the stream, so that nothing of one node is kept for another.</summary>
/// <param name="maxSymbols">Most symbols taken.</param>
/// <param name="maxSizeBytes">Most UTF-8 bytes of all symbols.</param>
internal sealed class SymbolTable(int maxSymbols, long maxSizeBytes)
{
    private readonly List<string> _symbols = [];
    private long _sizeBytes;

    public int Count => _symbols.Count;

    /// <exception cref="StreamViolationException">No such symbol was sent.</exception>
    public string this[uint index] =>
        index < (uint)_symbols.Count ? _symbols[(int)index] : throw new StreamViolationException("A series refers to a symbol that was not sent.");

    /// <exception cref="StreamViolationException">The table is full.</exception>
    public void Append(IReadOnlyList<string> symbols)
    {
        foreach (string symbol in symbols)
        {
            _sizeBytes += Encoding.UTF8.GetByteCount(symbol);
            if (_symbols.Count == maxSymbols || _sizeBytes > maxSizeBytes)
                throw new StreamViolationException("The symbol table is full.");
            _symbols.Add(symbol);
        }
    }
}
