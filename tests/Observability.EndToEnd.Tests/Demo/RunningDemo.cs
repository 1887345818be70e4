namespace Observability.EndToEnd.Tests.Demo;

/// <summary>One demo for all tests of this namespace.</summary>
[SetUpFixture]
internal sealed class RunningDemo
{
    public static DemoProcess Process { get; private set; } = null!; // set before any test of the namespace runs

    [OneTimeSetUp]
    public static async Task Start() => Process = await DemoProcess.StartAsync("--duration", "30m");

    [OneTimeTearDown]
    public static async Task Stop() => await Process.DisposeAsync();
}
