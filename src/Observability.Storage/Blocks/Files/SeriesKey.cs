using System.Text;
using Observability.Model;
using Observability.Storage.Blocks.Columns;

namespace Observability.Storage.Blocks.Files;

/// <summary>A label set as bytes, equal for equal sets and for no others.</summary>
internal static class SeriesKey
{
    public static void Write(LabelSet labels, ByteSink key)
    {
        foreach (Label label in labels.AsSpan())
        {
            Write(label.Name, key);
            Write(label.Value, key);
        }
    }

    public static void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ByteSink key)
    {
        key.UInt32((uint)name.Length);
        key.Bytes(name);
        key.UInt32((uint)value.Length);
        key.Bytes(value);
    }

    private static void Write(string text, ByteSink key)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        key.UInt32((uint)length);
        key.Advance(Encoding.UTF8.GetBytes(text, key.Reserve(length)));
    }
}
