using Observability.Conformance.Running;

namespace Observability.Conformance;

/// <summary>The cases of a folder, one test a file; and the project's own.</summary>
internal sealed class ConformanceTests
{
    private static readonly string? Folder = FindFolder();

    private static IEnumerable<TestCaseData> OwnFiles() => Files(Path.Combine(AppContext.BaseDirectory, "Cases"));

    private static IEnumerable<TestCaseData> FolderFiles() => Folder is null ? [new TestCaseData("").SetArgDisplayNames("no folder")] : Files(Folder);

    [TestCaseSource(nameof(OwnFiles))]
    public void The_projects_own_cases_pass(string file) => AssertPasses(file);

    [TestCaseSource(nameof(FolderFiles))]
    [Category("Conformance")]
    public void The_cases_of_PROMQLTEST_DIR_pass(string file)
    {
        if (Folder is null)
            Assert.Ignore("No conformance cases: set PROMQLTEST_DIR to a folder of *.test files in the promqltest language.");
        AssertPasses(file);
    }

    private static void AssertPasses(string file)
    {
        ScriptRun run = ScriptRun.Of(File.ReadAllText(file));

        Assert.That(run.Failures.Select(failure => $"{failure.Line}: {failure.Query}: {failure.Fault}"), Is.Empty);
        Assert.That(run.Total, Is.Positive, "cases");
    }

    private static IEnumerable<TestCaseData> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.test").Order(StringComparer.Ordinal).Select(file => new TestCaseData(file).SetArgDisplayNames(Path.GetFileName(file)));

    private static string? FindFolder()
    {
        string folder = Environment.GetEnvironmentVariable("PROMQLTEST_DIR") is { Length: > 0 } named ? named
            : Path.Combine(RepositoryRoot.Path, "..", "shared", "promqltest");
        return Directory.Exists(folder) ? folder : null;
    }
}
