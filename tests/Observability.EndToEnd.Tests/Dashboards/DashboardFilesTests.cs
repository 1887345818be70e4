using System.Text.Json;
using Observability.PromQL;

namespace Observability.EndToEnd.Tests.Dashboards;

/// <summary>What holds for every dashboard as a file, before anybody serves it.</summary>
internal sealed class DashboardFilesTests
{
    private static readonly Dictionary<string, string> AnyValues = new()
    {
        ["__rate_interval"] = "1m0s", ["__range"] = "3h", ["namespace"] = "web", ["pod"] = "api-1", ["tenant"] = ".*", ["node"] = ".*",
        ["cpu_price"] = "0.03", ["memory_price"] = "0.004",
    };

    [Test]
    public void There_are_dashboards_for_tenants_and_for_the_operator() => Assert.Multiple(() =>
    {
        Assert.That(Dashboard.All.Where(dashboard => !dashboard.IsForOperator), Has.Exactly(4).Items);
        Assert.That(Dashboard.All.Where(dashboard => dashboard.IsForOperator), Has.Exactly(2).Items);
        Assert.That(Dashboard.All.Select(dashboard => dashboard.Uid), Is.Unique);
        Assert.That(Dashboard.All.Select(dashboard => dashboard.Title), Is.Unique);
    });

    [TestCaseSource(typeof(Dashboard), nameof(Dashboard.All))]
    public void Each_expression_is_PromQL_without_features_that_must_be_switched_on(Dashboard dashboard)
    {
        string[] expressions = [.. dashboard.Panels.SelectMany(panel => panel.Queries).Select(query => query.With(AnyValues))];

        Assert.That(expressions, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (string expression in expressions)
                Assert.That(() => PromQlParser.Parse(expression, ParserOptions.Default), Throws.Nothing, expression);
        });
    }

    [TestCaseSource(typeof(Dashboard), nameof(Dashboard.All))]
    public void Each_query_goes_to_the_data_source_that_the_viewer_has_chosen(Dashboard dashboard)
    {
        Assert.That(dashboard.Variables[0].GetProperty("name").GetString(), Is.EqualTo("datasource"));
        IEnumerable<string?> used = dashboard.Panels
            .SelectMany(panel => panel.Json.GetProperty("targets").EnumerateArray().Append(panel.Json))
            .Concat(dashboard.Variables.Where(variable => variable.GetProperty("type").ValueEquals("query")))
            .Select(holder => holder.GetProperty("datasource").GetProperty("uid").GetString());
        Assert.That(used, Has.All.EqualTo("${datasource}"));
    }

    [TestCaseSource(typeof(Dashboard), nameof(Dashboard.All))]
    public void Each_panel_says_what_it_shows_in_which_unit_and_from_where_on_it_is_bad(Dashboard dashboard) => Assert.Multiple(() =>
    {
        foreach (DashboardPanel panel in dashboard.Panels)
        {
            JsonElement defaults = panel.Json.GetProperty("fieldConfig").GetProperty("defaults");
            Assert.That(panel.Json.GetProperty("description").GetString(), Is.Not.Empty, panel.Title);
            Assert.That(defaults.GetProperty("thresholds").GetProperty("steps").GetArrayLength(), Is.Positive, panel.Title);
            if (panel.Type == "table")
                Assert.That(Units(panel), Is.EqualTo(panel.Queries.Count), $"{panel.Title}: a unit a column");
            else
                Assert.That(defaults.GetProperty("unit").GetString(), Is.Not.Empty, panel.Title);
        }
    });

    [TestCaseSource(typeof(Dashboard), nameof(Dashboard.All))]
    public void No_two_panels_share_an_id_or_a_place(Dashboard dashboard)
    {
        Assert.That(dashboard.AllPanels.Select(panel => panel.GetProperty("id").GetInt32()), Is.Unique);
        IEnumerable<(int, int)> cells = dashboard.AllPanels.Select(panel => panel.GetProperty("gridPos")).SelectMany(grid =>
            from x in Enumerable.Range(grid.GetProperty("x").GetInt32(), grid.GetProperty("w").GetInt32())
            from y in Enumerable.Range(grid.GetProperty("y").GetInt32(), grid.GetProperty("h").GetInt32())
            select (x, y));
        Assert.That(cells, Is.Unique.And.All.Matches<(int X, int Y)>(cell => cell.X < 24));
    }

    [TestCaseSource(typeof(Dashboard), nameof(Dashboard.All))]
    public void The_README_describes_each(Dashboard dashboard) =>
        Assert.That(File.ReadAllText(Path.Combine(Dashboard.Folder, "README.md")), Does.Contain($"[{dashboard.Name}.json]({dashboard.Name}.json)"));

    private static int Units(DashboardPanel panel) => panel.Json.GetProperty("fieldConfig").GetProperty("overrides").EnumerateArray()
        .Count(part => part.GetProperty("properties").EnumerateArray().Any(property => property.GetProperty("id").ValueEquals("unit")));
}
