using Observability.Conformance.Running;

if (args is not [string folder, .. string[] flags] || folder.StartsWith('-') || flags.Any(flag => flag != "--failures"))
{
    Console.WriteLine("""
        Runs PromQL conformance cases of the promqltest language.
          Observability.Conformance DIR [--failures]
        Prints FILE PASSED TOTAL for each *.test file of DIR and last "total PASSED TOTAL"; the exit status is 0 when all cases passed.
        --failures says of each case that did not pass its line, its query and what is wrong.
        """);
    return args is ["--help" or "-h"] ? 0 : 2;
}
if (!Directory.Exists(folder))
{
    Console.Error.WriteLine($"There is no folder {folder}.");
    return 2;
}
int passed = 0, total = 0;
foreach (string file in Directory.EnumerateFiles(folder, "*.test").Order(StringComparer.Ordinal))
{
    ScriptRun run = ScriptRun.Of(File.ReadAllText(file));
    passed += run.Passed;
    total += run.Total;
    if (flags.Length > 0)
    {
        foreach (CaseFailure failure in run.Failures)
            Console.WriteLine($"  {Path.GetFileName(file)}:{failure.Line}: {failure.Query}\n    {failure.Fault}");
    }
    Console.WriteLine($"{Path.GetFileName(file)} {run.Passed} {run.Total}");
}
Console.WriteLine($"total {passed} {total}");
return total > 0 && passed == total ? 0 : 1;
