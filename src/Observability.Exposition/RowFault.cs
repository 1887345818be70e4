namespace Observability.Exposition;

/// <summary>Why one line was refused. It costs that line; reading goes on behind it.</summary>
public enum RowFault : byte
{
    None,

    /// <summary>The line is longer than <see cref="ExpositionLimits.MaxLineBytes"/>.</summary>
    LineTooLong,

    /// <summary>The line starts with something that no row and no comment starts with.</summary>
    BadStart,

    /// <summary>Braces without a metric name, or an empty name.</summary>
    MissingName,

    /// <summary>A metric name twice: before the braces and quoted within them, or quoted twice.</summary>
    SecondName,

    /// <summary>A metric or label name is longer than <see cref="ExpositionLimits.MaxNameBytes"/>.</summary>
    NameTooLong,

    /// <summary>The label part does not follow the grammar: a quote that never ends, a missing equals sign, a bad label name.</summary>
    BadLabels,

    /// <summary>The same label name twice, or <c>__name__</c> as a label.</summary>
    DuplicateLabel,

    /// <summary>More labels than <see cref="ExpositionLimits.MaxLabels"/>.</summary>
    TooManyLabels,

    /// <summary>A label value is longer than <see cref="ExpositionLimits.MaxLabelValueBytes"/>.</summary>
    LabelValueTooLong,

    /// <summary>A name, label value or help text is not valid UTF-8.</summary>
    InvalidUtf8,

    /// <summary>No value, or no number: also hexadecimal floats, digit separators and numbers beyond a double.</summary>
    BadValue,

    /// <summary>Not an integer (text) or not a finite number (OpenMetrics), or beyond 64 bits of milliseconds.</summary>
    BadTimestamp,

    /// <summary>OpenMetrics: what follows <c> # {</c> is no exemplar.</summary>
    BadExemplar,

    /// <summary>Something follows the last token that may stand on the line.</summary>
    TrailingText,

    /// <summary>A <c># HELP</c>, <c># TYPE</c> or <c># UNIT</c> line that does not follow the grammar.</summary>
    BadMetadata,

    /// <summary>A type word that the format does not know.</summary>
    BadType,

    /// <summary>OpenMetrics: the unit is not the end of the family's name.</summary>
    BadUnit,

    /// <summary>OpenMetrics: an empty line.</summary>
    BlankLine,
}
