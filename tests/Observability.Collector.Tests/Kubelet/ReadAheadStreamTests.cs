using System.Net;
using System.Net.Sockets;
using Observability.Collector.Kubelet;

namespace Observability.Collector.Tests.Kubelet;

internal sealed class ReadAheadStreamTests
{
    [TestCase(1)]
    [TestCase(5)]
    [TestCase(16 << 10)]
    [TestCase(300 << 10)]
    public async Task What_was_sent_is_read_in_pieces_of_any_size_and_then_the_end(int pieceBytes)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndpoint, end.Token);
        using var stream = new ReadAheadStream(socket);
        using TcpClient peer = await listener.AcceptTcpClientAsync(end.Token);
        byte[] sent = new byte[pieceBytes < 1024 ? 20_000 : 1_000_000];
        new Random(1).NextBytes(sent);
        Task sending = SendAsync();

        var received = new MemoryStream();
        byte[] piece = new byte[pieceBytes];
        // Asked for nothing, it waits until there is something.
        int none = await stream.ReadAsync(Memory<byte>.Empty, end.Token);
        while (await stream.ReadAsync(piece, end.Token) is var length and > 0)
            received.Write(piece, 0, length);
        await sending;

        Assert.That(none, Is.Zero);
        Assert.That(received.ToArray().AsSpan().SequenceEqual(sent), Is.True);

        async Task SendAsync()
        {
            await peer.GetStream().WriteAsync(sent, end.Token);
            peer.Client.Shutdown(SocketShutdown.Send);
        }
    }
}
