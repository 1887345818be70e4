using System.Globalization;

namespace Observability.Exposition.Tests.Caching;

/// <summary>Gives each key a slot of its own (or what the test says) and writes down what it is told.</summary>
internal sealed class RecordingSink(Func<string, int?>? decide = null) : IRowSink
{
    private readonly List<string> _keys = [];

    /// <summary>Each defined row as its key and type.</summary>
    internal List<string> Defined { get; } = [];

    /// <summary>Each sample as key, type, value's bits and time.</summary>
    internal List<string> Samples { get; } = [];

    public int Define(in SeriesRow row)
    {
        string key = $"{Pages.Text(row.Key)} {row.Type}";
        Defined.Add(key);
        if (decide?.Invoke(key) is { } slot && slot < 0) return slot;
        _keys.Add(key);
        return _keys.Count - 1;
    }

    public void Sample(int slot, double value, long timestampMs) =>
        Samples.Add(string.Create(CultureInfo.InvariantCulture, $"{_keys[slot]} {BitConverter.DoubleToInt64Bits(value):x} {timestampMs}"));

    internal void Forget()
    {
        Defined.Clear();
        Samples.Clear();
    }
}
