using Observability.Model;

namespace Observability.PromQL.Evaluation.Functions;

/// <summary>A function that changes labels and leaves values: label_replace, label_join. Series whose labels then are the same are the engine's to refuse.</summary>
internal abstract class LabelFunction : Function
{
    public override bool KeepsName => true;

    /// <summary>Checks the arguments once.</summary>
    /// <returns>What is done to the labels of each series. The name is there even where it is to be dropped later.</returns>
    /// <exception cref="EvaluationException">An argument does not do; the text is upstream's.</exception>
    public abstract Func<LabelSet, LabelSet> Prepare(FunctionCall call);
}
