using CsCheck;
using Observability.Model;
using Observability.PromQL.Results;

namespace Observability.PromQL.Tests.Evaluation;

[Parallelizable(ParallelScope.All)]
public class EnginePropertyTests
{
    private const long Minute = 60_000;

    private static readonly string[] Questions =
    [
        "a", "rate(a[5m])", "sum by (x) (a)", "avg without (y) (rate(a[3m]))", "stddev by (x) (a)", "topk by (x) (2, a)", "bottomk(3, a)", "quantile by (x) (0.5, a)",
        "a / on (x, y) b", "a + on (x) group_left (z) max by (x, z) (b)", "a > 0.5", "a == bool b", "a and on (x) b", "a or b", "a unless on (x, y) b",
        "max_over_time(sum by (x) (rate(a[2m]))[10m:1m])", "sum_over_time(a[4m])", "count_values by (x) (\"v\", round(a))", "sum(a offset 3m)", "avg(a @ 600)",
        "absent(a{x=\"0\"} > 0.9)", "label_replace(a, \"w\", \"$1\", \"x\", \"(.*)\")", "clamp(a, 0.2, 0.8)", "-a", "scalar(sum(a)) + a", "limitk by (x) (2, a)",
        "count by (x) (a)", "group(a)", "stdvar(b)", "min by (y) (a)", "max(b)", "changes(a[5m])", "irate(a[5m])", "quantile_over_time(0.3, a[6m])", "timestamp(a)",
        "a * 2 > 1 or b", "vector(time())", "sum(rate(a[2m] anchored))", "increase(a[3m] smoothed)",
    ];

    private static readonly Gen<TestSource> Source = Gen.Select(Gen.Int[1, 400], Gen.Int[0, 1000]).Select((count, seed) => Make(count, seed));

    private static readonly Gen<string> Question = Gen.Int[0, Questions.Length - 1].Select(i => Questions[i]);

    [Test]
    public void Many_threads_give_the_same_bits_as_one() => Gen.Select(Source, Question).Sample((source, question) =>
    {
        string[] one = Outcome(() => Queries.Range(source, question, 0, 20 * Minute, Minute));
        string[] many = Outcome(() => Queries.Range(source, question, 0, 20 * Minute, Minute, Queries.Options(options => options.Parallelism = 4)));

        Assert.That(many, Is.EqualTo(one), question);
    }, iter: 150);

    [Test]
    public void A_step_of_a_range_is_the_instant_at_that_time() => Gen.Select(Source, Question, Gen.Bool).Sample((source, question, delayed) =>
    {
        EngineOptions options = Queries.Options(options => options.DelayedNameRemoval = delayed);
        QueryResult range;
        try
        {
            range = Queries.Range(source, question, Minute, 19 * Minute, Minute, options);
        }
        catch (EvaluationException)
        {
            return; // an error at any step is an error of the range
        }
        for (long time = Minute; time <= 19 * Minute; time += 3 * Minute)
        {
            string[] instant = [.. Queries.Lines(Queries.Instant(source, question, time, options)).Order(StringComparer.Ordinal)];

            Assert.That(instant, Is.EqualTo(At(range, time)).Using<string>(NearlySame), $"{question} at {time}");
        }
    }, iter: 100);

    [Test]
    public void A_matrix_is_sorted_by_labels_and_has_each_label_set_once() => Gen.Select(Source, Question).Sample((source, question) =>
    {
        try
        {
            LabelSet[] labels = [.. Queries.Range(source, question, 0, 20 * Minute, 2 * Minute).Series.Select(series => series.Labels)];

            Assert.That(labels, Is.Ordered.And.Unique, question);
        }
        catch (EvaluationException)
        {
            // Nothing is returned, so nothing is out of order.
        }
    }, iter: 100);

    private static TestSource Make(int count, int seed)
    {
        var random = new Random(seed);
        var source = new TestSource();
        for (int i = 0; i < count; i++)
        {
            var samples = new List<Sample>();
            double value = 0;
            for (long time = random.Next(0, 30_000); time < 20 * Minute; time += random.Next(10_000, 60_000))
            {
                value = random.Next(10) == 0 ? random.NextDouble() : value + random.NextDouble();
                samples.Add(new Sample(time, random.Next(40) == 0 ? StaleMarker.Value : value));
            }
            source.Add([("__name__", random.Next(3) == 0 ? "b" : "a"), ("x", $"{i % 3}"), ("y", $"{i}"), ("z", $"{i % 2}")], samples);
        }
        return source;
    }

    private static string[] Outcome(Func<QueryResult> run)
    {
        try
        {
            return Queries.Lines(run());
        }
        catch (EvaluationException exception)
        {
            return [exception.Message];
        }
    }

    private static string[] At(QueryResult range, long time) =>
    [
        .. range.Series.Where(series => series.TimestampsMs.Span.IndexOf(time) >= 0)
            .Select(series => Queries.Line(new ResultSeries
            {
                Labels = series.Labels,
                TimestampsMs = new[] { time },
                Values = new[] { series.Values.Span[series.TimestampsMs.Span.IndexOf(time)] },
            }))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Windows that are cut at other places may differ in the last digits.</summary>
    private static bool NearlySame(string left, string right)
    {
        if (left == right)
            return true;
        (string leftLabels, double leftValue) = Split(left);
        (string rightLabels, double rightValue) = Split(right);
        return leftLabels == rightLabels && Math.Abs(leftValue - rightValue) <= 1e-9 * Math.Max(Math.Abs(leftValue), Math.Abs(rightValue));
    }

    private static (string Labels, double Value) Split(string line)
    {
        int space = line.LastIndexOf(' '), at = line.LastIndexOf('@');
        return (line[..space] + line[at..], double.Parse(line.AsSpan(space + 1, at - space - 1), System.Globalization.CultureInfo.InvariantCulture));
    }
}
