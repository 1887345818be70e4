namespace Observability.PromQL.Evaluation.Running;

/// <summary>What is known about some neighbouring samples.</summary>
internal interface IWindowState<TSelf> where TSelf : struct, IWindowState<TSelf>
{
    static abstract TSelf Of(double value);

    /// <summary>The result over a whole window, for values where <see cref="IsExact"/> does not hold.</summary>
    static abstract double Of(ReadOnlySpan<double> window);

    /// <summary>The order in which these values are added makes no difference that matters.</summary>
    static abstract bool IsExact(ReadOnlySpan<double> values);

    void Add(double value);

    /// <summary>Adds what lies behind.</summary>
    void Merge(in TSelf behind);

    /// <param name="count">Samples in the window.</param>
    double Result(int count);
}
