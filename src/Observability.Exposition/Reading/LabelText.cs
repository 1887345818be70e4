namespace Observability.Exposition;

/// <summary>One label, unescaped. Valid until the enumerator moves on.</summary>
public readonly ref struct LabelText
{
    internal LabelText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>UTF-8; may be empty, which Prometheus takes for an absent label.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
