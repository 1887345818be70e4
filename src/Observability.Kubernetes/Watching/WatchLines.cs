using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Observability.Kubernetes.Watching;

/// <summary>Cuts the body of a watch into its events, one JSON object a line.</summary>
internal static class WatchLines
{
    /// <summary>An object is at most 1.5 MiB in etcd; with managed fields and escapes it stays far below this.</summary>
    internal const int MaxLineBytes = 16 << 20;

    /// <summary>A line is valid until the next one is asked for. What stands behind the last line feed is an event cut short: not given.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="MaxLineBytes"/>.</exception>
    public static async IAsyncEnumerable<ReadOnlySequence<byte>> ReadAsync(
        Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PipeReader reader = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 16 << 10, leaveOpen: true));
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync(cancellationToken);
                ReadOnlySequence<byte> buffer = result.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    ReadOnlySequence<byte> line = buffer.Slice(0, end);
                    if (!line.IsEmpty)
                        yield return line;
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }
                if (buffer.Length > MaxLineBytes)
                    throw new InvalidDataException($"A watch event is longer than {MaxLineBytes} bytes.");
                reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                    yield break;
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }
}
