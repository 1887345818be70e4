using System.Buffers;
using System.Net.Sockets;

namespace Observability.Collector.Kubelet;

/// <summary>
/// A connection that is read in large pieces. TLS asks for a record of 16 KiB at a time, and a page is hundreds of them: a receive for each
/// costs as much as decrypting it.
/// </summary>
internal sealed class ReadAheadStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private const int BufferBytes = 128 << 10;

    // Left to the collector at the end: a receive that was under way then may still write to it.
    private byte[]? _buffer;
    private int _start;
    private int _end;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _start < _end ? new ValueTask<int>(Take(buffer.Span)) : ReceiveAsync(buffer, cancellationToken);

    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.Length == 0)
        {
            // Asked so while it is idle, which is most of an interval: nothing is held meanwhile.
            GiveBack();
            return await base.ReadAsync(buffer, cancellationToken);
        }
        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferBytes);
        (_start, _end) = (0, await base.ReadAsync(_buffer.AsMemory(0, BufferBytes), cancellationToken));
        return Take(buffer.Span);
    }

    private int Take(Span<byte> buffer)
    {
        int length = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, length).CopyTo(buffer);
        _start += length;
        return length;
    }

    private void GiveBack()
    {
        (_start, _end) = (0, 0);
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
