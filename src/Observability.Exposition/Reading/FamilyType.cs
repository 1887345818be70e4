namespace Observability.Exposition;

/// <summary>The family and type of the last <c># TYPE</c> line, and which rows belong to it.</summary>
internal sealed class FamilyType
{
    private byte[] _name = [];
    private int _length = -1;
    private MetricType _type;
    private bool _openMetrics;

    /// <summary>At the start of a page, and behind a TYPE line that cannot be read: what follows has no type.</summary>
    internal void Clear() => _length = -1;

    /// <param name="name">Unescaped.</param>
    /// <param name="type">What the line says.</param>
    /// <param name="openMetrics">Which suffixes the rows of a family may have depends on the format.</param>
    internal void Set(ReadOnlySpan<byte> name, MetricType type, bool openMetrics)
    {
        if (_name.Length < name.Length) _name = new byte[Math.Max(128, name.Length)];
        name.CopyTo(_name);
        _length = name.Length;
        _type = type;
        _openMetrics = openMetrics;
    }

    /// <summary>The type of a row by its unescaped name.</summary>
    internal MetricType Of(ReadOnlySpan<byte> rowName)
    {
        if (_length < 0 || rowName.Length < _length || !rowName.StartsWith(_name.AsSpan(0, _length))) return MetricType.Untyped;
        ReadOnlySpan<byte> suffix = rowName[_length..];
        return suffix.IsEmpty || BelongsWith(suffix) ? _type : MetricType.Untyped;
    }

    private bool BelongsWith(ReadOnlySpan<byte> suffix) => _type switch
    {
        MetricType.Histogram => suffix.SequenceEqual("_bucket"u8) || IsTotal(suffix) || IsCreated(suffix),
        MetricType.GaugeHistogram => suffix.SequenceEqual("_bucket"u8) || suffix.SequenceEqual("_gcount"u8) || suffix.SequenceEqual("_gsum"u8),
        MetricType.Summary => IsTotal(suffix) || IsCreated(suffix),
        MetricType.Counter => _openMetrics && (suffix.SequenceEqual("_total"u8) || IsCreated(suffix)),
        MetricType.Info => suffix.SequenceEqual("_info"u8),
        _ => false,
    };

    private static bool IsTotal(ReadOnlySpan<byte> suffix) => suffix.SequenceEqual("_sum"u8) || suffix.SequenceEqual("_count"u8);

    private bool IsCreated(ReadOnlySpan<byte> suffix) => _openMetrics && suffix.SequenceEqual("_created"u8);
}
