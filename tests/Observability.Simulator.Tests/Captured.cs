using System.Text;

namespace Observability.Simulator.Tests;

/// <summary>What a real cluster said, as text.</summary>
internal static class Captured
{
    public static string Text(string path) => Encoding.UTF8.GetString(CaptureFolder.Unzip(path));
}
