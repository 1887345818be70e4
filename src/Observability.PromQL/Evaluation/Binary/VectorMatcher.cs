using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Binary;

/// <summary>
/// A binary operator between two vectors, set operators aside: series find each other by their labels, once, and are then combined over
/// all steps. The "many" side is called the first here, whichever side it was written on.
/// </summary>
internal sealed class VectorMatcher
{
    private readonly QueryContext _query;
    private readonly BinaryExpression _expression;
    private readonly VectorMatching _matching;
    private readonly SampleOperation _operation;
    private readonly StepGrid _grid;
    private readonly bool _swapped;
    private readonly string[] _includes;
    private readonly LabelGrouper _signatures;
    private readonly Dictionary<(int First, int Second), Output> _outputs = [];
    private readonly List<Output> _order = [];
    private readonly LabelGrouper _resultLabels = LabelGrouper.Whole();
    private readonly List<bool[]?> _taken = [];

    private VectorMatcher(QueryContext query, BinaryExpression expression, StepGrid grid)
    {
        (_query, _expression, _grid, _matching) = (query, expression, grid, expression.Matching ?? new VectorMatching());
        _operation = new SampleOperation(query, expression);
        _swapped = _matching.Cardinality == MatchCardinality.OneToMany;
        _signatures = Signatures(_matching);
        _includes = [.. _matching.Include.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Groups label sets as the matching says.</summary>
    public static LabelGrouper Signatures(VectorMatching matching) =>
        matching.On ? new LabelGrouper(matching.Labels, without: false) : new LabelGrouper([.. matching.Labels, LabelNames.MetricName], without: true);

    public static List<StepSeries> Combine(QueryContext query, BinaryExpression expression, StepGrid grid, List<StepSeries> left, List<StepSeries> right)
    {
        var matcher = new VectorMatcher(query, expression, grid);
        return matcher._swapped ? matcher.Combine(right, left) : matcher.Combine(left, right);
    }

    // In Prometheus the fills do not change sides with their vectors: with group_right, fill_left stands in for the "many" side.
    private double? FirstFill => _matching.FillLeft;

    private double? SecondFill => _matching.FillRight;

    private List<StepSeries> Combine(List<StepSeries> first, List<StepSeries> second)
    {
        if (first.Count == 0 && second.Count == 0)
            return [];
        if ((first.Count == 0 || second.Count == 0) && FirstFill is null && SecondFill is null)
            return [];
        var ones = new List<List<int>>();
        for (int i = 0; i < second.Count; i++)
        {
            int signature = _signatures.GroupOf(second[i].Labels);
            if (signature == ones.Count)
                ones.Add([]);
            ones[signature].Add(i);
        }
        bool[] anyFirst = FirstFill is null && SecondFill is null ? StepsWithValues(first) : [];
        foreach (List<int> same in ones)
            CheckUnique(same, second, anyFirst);

        // How often a signature was matched at a step, where that can be more than once or has to be known to fill.
        var matched = new Dictionary<int, bool[]>();
        var firstSignatures = new int[first.Count];
        var timesSeen = new Dictionary<int, int>();
        for (int i = 0; i < first.Count; i++)
        {
            firstSignatures[i] = SecondFill is null ? _signatures.Find(first[i].Labels) : _signatures.GroupOf(first[i].Labels);
            if (firstSignatures[i] >= 0)
                timesSeen[firstSignatures[i]] = timesSeen.GetValueOrDefault(firstSignatures[i]) + 1;
        }
        for (int i = 0; i < first.Count; i++)
        {
            if ((i & 15) == 0)
                _query.CancellationToken.ThrowIfCancellationRequested();
            int signature = firstSignatures[i];
            if (signature < 0)
                continue;
            bool[]? seen = null;
            if (FirstFill is not null || timesSeen[signature] > 1)
            {
                if (!matched.TryGetValue(signature, out seen))
                    matched.Add(signature, seen = new bool[_grid.Count]);
            }
            CombineOne(i, first[i], signature < ones.Count ? ones[signature] : [], second, seen);
        }
        if (FirstFill is { } fill)
            FillFirst(ones, second, matched, fill);
        List<StepSeries> results = [.. _order.Where(output => output.Any).Select(output => output.Series)];
        return _resultLabels.Count == _order.Count ? results : SeriesMerging.Merge(results, _grid.Count);
    }

    private void CombineOne(int firstIndex, StepSeries first, List<int> ones, List<StepSeries> second, bool[]? seen)
    {
        if (ones.Count == 0 && SecondFill is null)
            return;
        if (ones.Count == 1 && SecondFill is null)
        {
            Output output = OutputFor(firstIndex, ones[0], first, second[ones[0]]);
            StepSeries one = second[ones[0]];
            if (seen is null && output.Taken is null && first.Histograms is null && one.Histograms is null && !_operation.Operator.IsTrim())
            {
                CombineFloats(output, first.Values, one.Values);
                return;
            }
            for (int step = 0; step < _grid.Count; step++)
            {
                StepValue left = first[step], right = one[step];
                if (left.IsPresent && right.IsPresent)
                    Apply(output, step, left, right, seen);
            }
            return;
        }
        for (int step = 0; step < _grid.Count; step++)
        {
            StepValue left = first[step];
            if (!left.IsPresent)
                continue;
            int found = ones.FindIndex(candidate => second[candidate][step].IsPresent);
            if (found >= 0)
                Apply(OutputFor(firstIndex, ones[found], first, second[ones[found]]), step, left, second[ones[found]][step], seen);
            else if (SecondFill is { } fill)
                Apply(OutputFor(firstIndex, -1, first, null), step, left, fill, seen);
        }
    }

    private void CombineFloats(Output output, double[] first, double[] second)
    {
        BinaryOperator @operator = _operation.Operator;
        bool compares = @operator.IsComparison(), any = false;
        double[] result = output.Series.Values;
        for (int step = 0; step < _grid.Count; step++)
        {
            double left = first[step], right = second[step];
            if (StepValue.IsAbsent(left) || StepValue.IsAbsent(right))
                continue;
            if (_swapped)
                (left, right) = (right, left);
            if (!compares)
                result[step] = FloatOperations.Apply(@operator, left, right);
            else if (_operation.ReturnBool)
                result[step] = FloatOperations.Holds(@operator, left, right) ? 1 : 0;
            else if (FloatOperations.Holds(@operator, left, right))
                result[step] = left;
            else
                continue;
            any = true;
        }
        output.Any |= any;
    }

    private void FillFirst(List<List<int>> ones, List<StepSeries> second, Dictionary<int, bool[]> matched, double fill)
    {
        for (int signature = 0; signature < ones.Count; signature++)
        {
            _query.CancellationToken.ThrowIfCancellationRequested();
            matched.TryGetValue(signature, out bool[]? seen);
            foreach (int one in ones[signature])
            {
                for (int step = 0; step < _grid.Count; step++)
                {
                    StepValue right = second[one][step];
                    if (right.IsPresent && seen?[step] != true)
                        Apply(OutputFor(-1, one, null, second[one]), step, fill, right, null);
                }
            }
        }
    }

    private void Apply(Output output, int step, StepValue first, StepValue second, bool[]? seen)
    {
        bool done = _swapped ? _operation.TryApply(second, first, out StepValue result, out bool holds) : _operation.TryApply(first, second, out result, out holds);
        if (!done)
            return;
        if (seen is not null)
        {
            if (seen[step] && _matching.Cardinality == MatchCardinality.OneToOne)
                throw new EvaluationException("multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)");
            seen[step] = true;
        }
        if (output.Taken is { } taken)
        {
            if (taken[step])
                throw new EvaluationException("multiple matches for labels: grouping labels must ensure unique matches");
            taken[step] = true;
        }
        if (_operation.ReturnBool)
            result = holds ? 1 : 0;
        else if (!holds)
            return;
        output.Any = true;
        output.Series.Set(step, result);
    }

    private Output OutputFor(int firstIndex, int secondIndex, StepSeries? first, StepSeries? second)
    {
        if (_outputs.TryGetValue((firstIndex, secondIndex), out Output? known))
            return known;
        LabelSet firstLabels = first?.Labels ?? _signatures.KeyOf(second!.Labels), secondLabels = second?.Labels ?? _signatures.KeyOf(first!.Labels); // one of both is given
        LabelSet labels = ResultLabels(firstLabels, secondLabels);
        _query.Budget.AddSeries(1);
        _query.Budget.Hold(_grid.Count, (_grid.Count * 8L) + 64);
        int group = _resultLabels.GroupOf(labels);
        bool[]? taken = null;
        if (_matching.Cardinality != MatchCardinality.OneToOne)
        {
            if (group < _taken.Count)
            {
                // Labels that two pairs share must not be given at one step by both; what the first pair did is looked up.
                taken = _taken[group] ??= StepsOf(_order.Where(output => output.Series.Labels == labels));
                foreach (Output other in _order.Where(output => output.Series.Labels == labels))
                    other.Taken = taken;
            }
            else
            {
                _taken.Add(null);
            }
        }
        var made = new Output(StepSeries.Empty(labels, _operation.ReturnBool || first?.DropsName == true, _grid.Count)) { Taken = taken };
        _outputs.Add((firstIndex, secondIndex), made);
        _order.Add(made);
        return made;
    }

    private bool[] StepsOf(IEnumerable<Output> outputs)
    {
        var steps = new bool[_grid.Count];
        foreach (Output output in outputs)
        {
            for (int step = 0; step < steps.Length; step++)
                steps[step] |= output.Series[step].IsPresent;
        }
        return steps;
    }

    private LabelSet ResultLabels(LabelSet first, LabelSet second)
    {
        var labels = new List<Label>(first.Count + _matching.Include.Count);
        bool dropsName = !(_expression.Operator.IsComparison() || _expression.Operator.IsTrim());
        bool oneToOne = _matching.Cardinality == MatchCardinality.OneToOne;
        foreach (ref readonly Label label in first.AsSpan())
        {
            bool kept = !(dropsName && NamelessLabels.IsMetadata(label.Name)) && !(oneToOne && _matching.Labels.Contains(label.Name) != _matching.On) &&
                Array.IndexOf(_includes, label.Name) < 0;
            if (kept)
                labels.Add(label);
        }
        foreach (string include in _includes)
        {
            if (second[include] is not { Length: > 0 } value)
                continue;
            int place = labels.Count;
            while (place > 0 && string.CompareOrdinal(labels[place - 1].Name, include) > 0)
                place--;
            labels.Insert(place, new Label(include, value));
        }
        return labels.Count == first.Count && _includes.Length == 0 ? first : LabelSet.FromSorted([.. labels]);
    }

    private bool[] StepsWithValues(List<StepSeries> series)
    {
        var steps = new bool[_grid.Count];
        foreach (StepSeries one in series)
        {
            for (int step = 0; step < steps.Length; step++)
                steps[step] |= one[step].IsPresent;
        }
        return steps;
    }

    /// <param name="same">Series of one signature on the side where it must be unique.</param>
    /// <param name="second">All series of that side.</param>
    /// <param name="anyFirst">Steps at which the other side has anything; empty: all count.</param>
    private void CheckUnique(List<int> same, List<StepSeries> second, bool[] anyFirst)
    {
        if (same.Count < 2)
            return;
        for (int step = 0; step < _grid.Count; step++)
        {
            if (anyFirst.Length > 0 && !anyFirst[step])
                continue;
            int before = -1;
            foreach (int one in same)
            {
                if (!second[one][step].IsPresent)
                    continue;
                if (before >= 0)
                {
                    LabelSet[] pair = [second[before].Labels, second[one].Labels];
                    Array.Sort(pair);
                    throw new EvaluationException(
                        $"found duplicate series for the match group {Text(_signatures.KeyOf(second[one].Labels))} on the {(_swapped ? "left" : "right")} hand-side of the operation: " +
                        $"[{Text(pair[0])}, {Text(pair[1])}];many-to-many matching not allowed: matching labels must be unique on one side");
                }
                before = one;
            }
        }
    }

    /// <summary>All labels in braces, the name among them.</summary>
    private static string Text(LabelSet labels) => "{" + string.Join(", ", labels.Select(label => $"{label.Name}={GoStrings.Quote(label.Value)}")) + "}";

    private sealed class Output(StepSeries series)
    {
        public StepSeries Series { get; } = series;

        public bool Any { get; set; }

        /// <summary>Steps that are taken by this or by another pair with the same labels; null while there is no other.</summary>
        public bool[]? Taken { get; set; }
    }
}
