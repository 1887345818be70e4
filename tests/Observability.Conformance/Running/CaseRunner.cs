using Observability.Conformance.Data;
using Observability.Conformance.Language;
using Observability.PromQL;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.Conformance.Running;

/// <summary>Runs one case in all its variants. It passes when none of them has a fault.</summary>
internal sealed class CaseRunner(MemoryStorage storage)
{
    private const long MinuteMs = 60_000;

    private static readonly QueryEngine Engine = new(
        new EngineOptions { MaxSamples = 10_000, DelayedNameRemoval = true, UseStartTimestamps = true, Timeout = TimeSpan.FromSeconds(100) }, TimeProvider.System);

    /// <returns>What is wrong, or null.</returns>
    public string? Run(EvalCommand command)
    {
        Expression query;
        try
        {
            query = PromQlParser.Parse(command.Query, ParserOptions.Everything);
        }
        catch (PromQlException exception)
        {
            return Failed(command, exception.Message);
        }
        if (!command.IsInstant)
            return Range(command, command.Query, query);
        if (Instant(command, command.Query, query, command.StartMs) is { } fault)
            return fault;
        if (AtVariants.Fix(query, command.StartMs) is not { } at)
            return null;
        // Printed and read again: what a query prints must mean the same.
        string text = at.ToString();
        foreach (long timeMs in AtVariants.Times(command.StartMs))
        {
            try
            {
                fault = Instant(command, text, PromQlParser.Parse(text, ParserOptions.Everything), timeMs);
            }
            catch (PromQlException exception)
            {
                fault = exception.Message;
            }
            if (fault is not null)
                return FormattableString.Invariant($"as {text} at {timeMs} ms: {fault}");
        }
        return null;
    }

    private string? Range(EvalCommand command, string text, Expression query) => Judge(command, text,
        () => Engine.Range(storage, query, command.StartMs, command.EndMs, command.StepMs, QueryOptions.Default, CancellationToken.None), out _);

    private string? Instant(EvalCommand command, string text, Expression query, long timeMs)
    {
        if (Judge(command, text, () => Engine.Instant(storage, query, timeMs, QueryOptions.Default, CancellationToken.None), out QueryResult? result) is { } fault)
            return fault;
        // A range query around the time must have the same in its middle.
        if (result is null || command.RangeVector is not null || command.Text is not null || AtVariants.FollowsRange(query))
            return null;
        try
        {
            QueryResult range = Engine.Range(storage, query, timeMs - MinuteMs, timeMs + MinuteMs, MinuteMs, QueryOptions.Default, CancellationToken.None);
            // A matrix is sorted by labels, whatever order the instant query has.
            if (command.Has(ExpectationKind.Ordered))
                return null;
            return Comparison.Middle(command with { StartMs = timeMs }, range, result.Type) is { } different ? $"as a range query: {different}" : null;
        }
        catch (Exception exception) when (IsQueryFault(exception))
        {
            return $"as a range query: {exception.Message}";
        }
    }

    private static string? Judge(EvalCommand command, string text, Func<QueryResult> evaluate, out QueryResult? result)
    {
        result = null;
        try
        {
            result = evaluate();
        }
        catch (Exception exception) when (IsQueryFault(exception))
        {
            return Failed(command, exception.Message);
        }
        if (command.Has(ExpectationKind.Fail))
            return "it should have failed";
        return Annotated(command, result, text) ?? Comparison.Result(command, result);
    }

    private static string? Failed(EvalCommand command, string message)
    {
        List<Expectation> fails = [.. command.Expectations.Where(expectation => expectation.Kind == ExpectationKind.Fail)];
        return fails.Count == 0 ? $"failed: {message}" : fails.All(expectation => expectation.Accepts(message)) ? null : $"failed with another message: {message}";
    }

    private static string? Annotated(EvalCommand command, QueryResult result, string text)
    {
        return Check(AnnotationKind.Warning, ExpectationKind.Warn, ExpectationKind.NoWarn) ?? Check(AnnotationKind.Info, ExpectationKind.Info, ExpectationKind.NoInfo);

        string? Check(AnnotationKind kind, ExpectationKind some, ExpectationKind none)
        {
            IReadOnlyList<string> told = result.Annotations.Render(kind, text);
            if (command.Has(none) && told.Count > 0)
                return $"unexpected: {told[0]}";
            List<Expectation> expected = [.. command.Expectations.Where(expectation => expectation.Kind == some)];
            if (expected.Count == 0)
                return null;
            if (expected.FirstOrDefault(expectation => !told.Any(expectation.Accepts)) is { } missing)
                return $"missing {some}: {missing.Text}; told: {string.Join(" | ", told)}";
            return told.FirstOrDefault(message => !expected.Exists(expectation => expectation.Accepts(message))) is { } more ? $"unexpected: {more}" : null;
        }
    }

    private static bool IsQueryFault(Exception exception) => exception is EvaluationException or QueryLimitException or PromQlException;
}
