using System.Diagnostics;
using System.Globalization;

namespace Observability.Storage.Tests.Crash;

/// <summary>A process that writes is killed at any moment, again and again, on one folder.</summary>
internal sealed class KillTests
{
    private const int Writers = 2;

    [Test]
    [Category("Long")]
    [CancelAfter(900_000)]
    public Task In_200_kills_nothing_that_was_acknowledged_is_lost_and_nothing_wrong_is_read(CancellationToken cancellationToken) =>
        KillAsync(rounds: 200, stepMs: 20_000, seed: 1, cancellationToken);

    [Test]
    [CancelAfter(120_000)]
    public Task In_a_few_kills_nothing_that_was_acknowledged_is_lost_and_nothing_wrong_is_read(CancellationToken cancellationToken) =>
        KillAsync(rounds: 4, stepMs: 20_000, seed: 2, cancellationToken);

    private static async Task KillAsync(int rounds, int stepMs, int seed, CancellationToken cancellationToken)
    {
        using var folder = new TestFolder();
        var random = new Random(seed);
        int[] acknowledged = new int[Writers];
        List<string> faults = [];
        List<double> servingMs = [];
        long verified = 0;
        for (int round = 0; round <= rounds && faults.Count == 0; round++)
        {
            bool isLast = round == rounds; // only looks
            // One in eight dies before it serves. The others print 3 lines first, then acknowledgements.
            int lines = isLast ? 3 : random.Next(8) == 0 ? random.Next(1, 3) : 3 + random.Next(1, 200);
            using Process child = Start(folder.Path, stepMs, acknowledged);
            using CancellationTokenRegistration end = cancellationToken.Register(child.Kill);
            for (int line = 0; ; line++)
            {
                if (line == lines)
                    child.Kill();
                // What stands in the pipe was printed before the kill: it counts as acknowledged.
                if (await child.StandardOutput.ReadLineAsync(cancellationToken) is not { } text)
                {
                    if (line < lines)
                        faults.Add($"round {round}: it ended by itself: {await child.StandardError.ReadToEndAsync(cancellationToken)}");
                    break;
                }
                string[] words = text.Split(' ');
                switch (words[0])
                {
                    case "ack":
                        await GiveAsync(child);
                        acknowledged[int.Parse(words[1], CultureInfo.InvariantCulture)] = int.Parse(words[2], CultureInfo.InvariantCulture) + 1;
                        break;
                    case "fault:":
                        faults.Add($"round {round}: {text}");
                        break;
                    case "serving":
                        servingMs.Add(double.Parse(words[2], CultureInfo.InvariantCulture));
                        break;
                    case "verified":
                        verified = long.Parse(words[1], CultureInfo.InvariantCulture);
                        break;
                }
            }
            await child.WaitForExitAsync(cancellationToken);
        }
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} kills, {acknowledged.Sum()} batches acknowledged, {verified} samples at the end, serving after {servingMs.Average():F0} ms on average, {servingMs.Max():F0} ms at most"));

        Assert.That(faults, Is.Empty);
        Assert.That(verified, Is.GreaterThan(rounds));
        Assert.That(acknowledged, Has.All.Positive);
    }

    private static async Task GiveAsync(Process child)
    {
        try
        {
            await child.StandardInput.WriteAsync('.');
            await child.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It was killed; what it had printed is still read.
        }
    }

    private static Process Start(string folder, int stepMs, int[] acknowledged)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Observability.Storage.Crash.dll"));
        start.ArgumentList.Add("work");
        start.ArgumentList.Add(folder);
        start.ArgumentList.Add(stepMs.ToString(CultureInfo.InvariantCulture));
        foreach (int batches in acknowledged)
            start.ArgumentList.Add(batches.ToString(CultureInfo.InvariantCulture));
        return Process.Start(start)!; // a program that was found is started
    }
}
