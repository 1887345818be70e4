using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Observability.Model;
using Observability.PromQL;

namespace Observability.Aggregator.StoreTools;

/// <summary>The command line <c>store inspect|verify|export</c>: arguments, their help, and what is wrong with them.</summary>
internal static class StoreCommand
{
    private static readonly Argument<DirectoryInfo> Folder = new Argument<DirectoryInfo>("PATH")
    {
        Description = "The store's folder (Store:Path), a copy of it, or a snapshot. Nothing in it is changed.",
    }.AcceptExistingOnly();

    private static readonly Option<TenantUid?> OnePartition = Partition("Only this partition: a tenant's UID, _system or _unassigned.", isRequired: false);
    private static readonly Option<TenantUid?> ExportedPartition = Partition("The partition: a tenant's UID, _system or _unassigned.", isRequired: true);
    private static readonly Option<bool> ListBlocks = new("--blocks") { Description = "Lists each block." };
    private static readonly Option<long> From = Time("--from", "The first time, as 2026-03-01T12:00:00Z or in seconds since 1970. Default: the oldest.", long.MinValue);
    private static readonly Option<long> To = Time("--to", "The last time, inclusive, in the same forms. Default: the newest.", long.MaxValue);
    private static readonly Option<IReadOnlyList<Matcher>> Match = new("--match")
    {
        Description = "Which series, as a PromQL selector: 'up', '{namespace=\"web\"}'. Default: all.",
        HelpName = "SELECTOR",
        DefaultValueFactory = _ => [],
        CustomParser = ReadSelector,
    };
    private static readonly Option<FileInfo?> Output = new("--output") { Description = "Writes into this file. Default: standard output.", HelpName = "FILE" };

    /// <summary>Parses and runs.</summary>
    /// <returns>0; 1 when a fault was found or the store cannot be read; 2 when the command line is wrong.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        ParseResult parsed = Create(output, errors).Parse(args);
        var configuration = new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false };
        try
        {
            int status = await parsed.InvokeAsync(configuration, cancellationToken);
            return parsed.Errors.Count > 0 ? 2 : status;
        }
        catch (Exception exception) when (exception is Storage.StoreDirectoryException or Storage.CorruptDataException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static RootCommand Create(TextWriter output, TextWriter errors)
    {
        var inspect = new Command("inspect", "Prints partitions, blocks, series, samples and bytes per sample.") { Folder, OnePartition, ListBlocks };
        inspect.SetAction(parsed => StoreInspection.Run(
            FolderOf(parsed), parsed.GetValue(OnePartition), parsed.GetValue(ListBlocks), output, errors));
        var verify = new Command("verify", "Reads everything and checks every checksum. The exit status is 1 when a fault was found.") { Folder, OnePartition };
        verify.SetAction((parsed, cancellationToken) => Task.FromResult(
            StoreVerification.Run(FolderOf(parsed), parsed.GetValue(OnePartition), output, Progress(errors), errors, cancellationToken)));
        var export = new Command("export", "Writes a range of one partition's blocks as OpenMetrics text. What is in the journal alone is not there.")
        {
            Folder, ExportedPartition, From, To, Match, Output,
        };
        export.SetAction((parsed, cancellationToken) => Task.FromResult(StoreExport.Run(
            FolderOf(parsed), parsed.GetValue(ExportedPartition) ?? default, new TimeRange(parsed.GetValue(From), parsed.GetValue(To)),
            parsed.GetValue(Match) ?? [], parsed.GetValue(Output), output, Progress(errors), errors, cancellationToken)));
        return new RootCommand("Looks into a store's folder: offline, read only, for who owns the disk. It asks for no tenant's rights.") { inspect, verify, export };
    }

    private static ProgressLine Progress(TextWriter errors) => new(errors, ReferenceEquals(errors, Console.Error) && !Console.IsErrorRedirected);

    private static string FolderOf(ParseResult parsed) => parsed.GetRequiredValue(Folder).FullName;

    private static Option<TenantUid?> Partition(string description, bool isRequired) => new("--partition")
    {
        Description = description,
        HelpName = "UID",
        Required = isRequired,
        CustomParser = result =>
        {
            if (TenantUid.TryParse(result.Tokens[0].Value, out TenantUid partition))
                return partition;
            result.AddError($"--partition {result.Tokens[0].Value}: a partition is 32 lower-case hex digits, _system or _unassigned.");
            return null;
        },
    };

    private static Option<long> Time(string name, string description, long fallback) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds)
                && Math.Abs(seconds) < 1e12m)
                return (long)(seconds * 1000);
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
                return time.ToUnixTimeMilliseconds();
            result.AddError($"{name} {text}: neither a date nor seconds since 1970.");
            return fallback;
        },
    };

    private static IReadOnlyList<Matcher> ReadSelector(ArgumentResult result)
    {
        try
        {
            return PromQlParser.ParseSelector(result.Tokens[0].Value, ParserOptions.Everything);
        }
        catch (PromQlException exception)
        {
            result.AddError($"--match {result.Tokens[0].Value}: {exception.Message}");
            return [];
        }
    }
}
