namespace Observability.PromQL.Results;

public enum AnnotationKind
{
    /// <summary>The answer may be right.</summary>
    Info,

    /// <summary>The answer is likely not what was meant.</summary>
    Warning,
}
