using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text;
using Observability.Model;
using Snappier;

namespace Observability.Benchmarks.SideBySide;

/// <summary>Gives a workload to a system that takes Prometheus' remote write 1.0.</summary>
internal sealed class RemoteWriter(HttpClient client)
{
    private const int RowsAtOnce = 40; // ten minutes: Prometheus takes what is at most an hour behind its newest sample
    private const int SeriesAtOnce = 1000;

    public async Task WriteAsync(Workload workload, CancellationToken cancellationToken)
    {
        byte[][] labels = [.. workload.Labels.Select(Encode)];
        var body = new List<byte>(4 << 20);
        for (int row = 0; row < workload.Rows; row += RowsAtOnce)
        {
            int until = Math.Min(workload.Rows, row + RowsAtOnce);
            for (int series = 0; series < labels.Length; series += SeriesAtOnce)
            {
                body.Clear();
                for (int i = series; i < Math.Min(labels.Length, series + SeriesAtOnce); i++)
                    Append(body, labels[i], workload, i, row, until);
                await SendAsync(Snappy.CompressToArray(body.ToArray()), cancellationToken);
            }
        }
    }

    private async Task SendAsync(byte[] compressed, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(compressed);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        content.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        using HttpResponseMessage answer = await client.PostAsync(new Uri("api/v1/write", UriKind.Relative), content, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"Remote write: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    private static byte[] Encode(LabelSet labels)
    {
        var bytes = new List<byte>();
        foreach (Label label in labels)
        {
            byte[] name = Encoding.UTF8.GetBytes(label.Name), value = Encoding.UTF8.GetBytes(label.Value);
            List<byte> one = [0x0A];
            Number(one, (ulong)name.Length);
            one.AddRange(name);
            one.Add(0x12);
            Number(one, (ulong)value.Length);
            one.AddRange(value);
            bytes.Add(0x0A);
            Number(bytes, (ulong)one.Count);
            bytes.AddRange(one);
        }
        return [.. bytes];
    }

    private static void Append(List<byte> body, byte[] labels, Workload workload, int series, int row, int until)
    {
        const int SampleBytes = 1 + 8 + 1 + 6; // times of this century take six bytes
        body.Add(0x0A);
        Number(body, (ulong)(labels.Length + ((until - row) * (2 + SampleBytes))));
        body.AddRange(labels);
        Span<byte> value = stackalloc byte[8];
        for (; row < until; row++)
        {
            body.Add(0x12);
            body.Add(SampleBytes);
            body.Add(0x09);
            BinaryPrimitives.WriteDoubleLittleEndian(value, workload.Value(series, row));
            body.AddRange(value);
            body.Add(0x10);
            Number(body, (ulong)workload.TimeOf(series, row));
        }
    }

    private static void Number(List<byte> to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            to.Add((byte)(value | 0x80));
        to.Add((byte)value);
    }
}
