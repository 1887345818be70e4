using Observability.Conformance.Data;
using Observability.Conformance.Language;

namespace Observability.Conformance.Running;

/// <summary>A case that did not pass.</summary>
/// <param name="Line">Of its command.</param>
/// <param name="Query">As written.</param>
/// <param name="Fault">What is wrong.</param>
internal sealed record CaseFailure(int Line, string Query, string Fault);

/// <summary>Runs a script from its beginning to its end.</summary>
internal sealed record ScriptRun(int Passed, IReadOnlyList<CaseFailure> Failures)
{
    public int Total => Passed + Failures.Count;

    public static ScriptRun Of(string script)
    {
        var storage = new MemoryStorage();
        var runner = new CaseRunner(storage);
        List<CaseFailure> failures = [];
        int passed = 0;
        foreach (Command command in ScriptReader.Read(script))
        {
            switch (command)
            {
                case ClearCommand:
                    storage.Clear();
                    break;
                case BrokenCommand broken:
                    failures.Add(new CaseFailure(broken.Line, broken.Text, broken.Fault));
                    break;
                case LoadCommand load:
                    if (Load(storage, load) is { } wrong)
                        failures.Add(new CaseFailure(load.Line, "load", wrong));
                    break;
                case EvalCommand eval:
                    if (Run(runner, eval) is { } fault)
                        failures.Add(new CaseFailure(eval.Line, eval.Query, fault));
                    else
                        passed++;
                    break;
            }
        }
        return new ScriptRun(passed, failures);
    }

    private static string? Load(MemoryStorage storage, LoadCommand command)
    {
        try
        {
            storage.Load(command);
            return null;
        }
        catch (ScriptException exception)
        {
            return exception.Message;
        }
    }

#pragma warning disable CA1031 // whatever a query throws that it should not throw is this case's failure and no other's
    private static string? Run(CaseRunner runner, EvalCommand eval)
    {
        try
        {
            return runner.Run(eval);
        }
        catch (Exception exception)
        {
            return $"crashed: {exception}";
        }
    }
#pragma warning restore CA1031
}
