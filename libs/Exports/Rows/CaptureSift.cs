using System.Text.RegularExpressions;
using Serverless.Captures;
using Serverless.Exports.Asks;

namespace Serverless.Exports.Rows;

/// <summary>
/// Captured lines → rows that are asked for, each value bounded. Lines may have been written by anybody who may write to the store:
/// nothing in them is taken for granted. For one export.
/// </summary>
internal sealed partial class CaptureSift(ExportPlan plan, LeftOut leftOut)
{
    private const int Ok = 200;
    private const string EntitiesTask = "entities";

    private readonly HashSet<string> _labels = [.. plan.KnownLabels, .. plan.Filters.Labels ?? []];

    public TextMask Mask { get; } = new([.. plan.Redact]);

    public ColumnNames Features { get; } = new();

    public ColumnNames Entities { get; } = new();

    /// <summary>Null of a line that is left out.</summary>
    public ExportRow? ReadRow(CaptureRecord line)
    {
        if (FaultOf(line) is { } reason)
        {
            leftOut.Add(reason);
            return null;
        }
        ExportRow row = Read(line);
        if (!IsWanted(row))
        {
            leftOut.Add(LeftOut.Filtered);
            return null;
        }
        Features.Add(row.Features.Keys);
        Entities.Add(row.Entities.Keys);
        return row;
    }

    /// <summary>Null of a line that is left out.</summary>
    public ReportedRow? ReadReport(CaptureRecord line)
    {
        if (line.Environment != plan.Environment || line.Feedback is not { } feedback || !IsChosen(line))
        {
            return null;
        }
        if (!IsOurs(line) || IsTooLong(feedback.Label))
        {
            leftOut.Add(LeftOut.Malformed);
            return null;
        }
        if (!feedback.Sealed)
        {
            leftOut.Add(LeftOut.Unsealed);
            return null;
        }
        string? label = feedback.Label;
        if (label is not null && plan.Redact.Count > 0 && !_labels.Contains(label))
        {
            leftOut.Add(LeftOut.UnknownLabels);
            label = null;
        }
        return new ReportedRow(line.PredictionId, line.Time, label, Finite(feedback.Value), feedback.Correct);
    }

    private string? FaultOf(CaptureRecord line) =>
        line.Environment != plan.Environment ? LeftOut.Elsewhere
        : !IsOurs(line) || !HasSoundTexts(line) ? LeftOut.Malformed
        : line.Status != Ok || line.Output is null ? LeftOut.Failed
        : !line.Output.Valid ? LeftOut.Invalid
        : !IsChosen(line) ? LeftOut.SampledOut
        : null;

    private bool IsChosen(CaptureRecord line) =>
        PredictionHash.IsWithin(PredictionHash.Of(line.PredictionId, HashPurpose.Exports), plan.Sample.Share);

    private bool IsOurs(CaptureRecord line) =>
        line.Model == plan.Model
        && line.Version == plan.Version
        && PredictionId.TryParse(line.PredictionId, out PredictionId? id)
        && id.Model == plan.Model
        && id.Version == plan.Version;

    private static bool HasSoundTexts(CaptureRecord line) =>
        new[] { line.Asset, line.AssetVersion }.All(name => name?.All(char.IsAsciiLetterOrDigit) != false)
        && !new[] { line.Arm, line.Asset, line.AssetVersion, line.Output?.Label, line.Output?.Task, line.Input?.Kind }.Any(IsTooLong);

    private static bool IsTooLong(string? text) => text?.Length > ExportLimits.MaxTextCharacters;

    private bool IsWanted(ExportRow row) =>
        (plan.Filters.Source is not { } source || row.Source == source)
        && (plan.Filters.Language is not { } language || row.Language == language)
        && (plan.Filters.MinScore is not { } score || row.Score >= score);

    private ExportRow Read(CaptureRecord line)
    {
        OutputSummary output = line.Output!;
        return new ExportRow(
            line.PredictionId,
            line.Time,
            line.Arm,
            line.Source == CaptureRecord.Upload ? ExportSources.Upload : ExportSources.Api,
            line.Asset,
            line.AssetVersion,
            line.Input?.Kind,
            line.Input?.Items,
            line.Input?.Size,
            LanguageOf(line.Input),
            TextOf(line),
            FeaturesOf(line.Input?.Features),
            output.Task,
            output.Entities is null && output.Task != EntitiesTask ? output.Label : null, // an entity's label is its place in the text
            Finite(output.Score),
            Finite(output.Entropy),
            output.Count,
            Named(output.Entities),
            plan.Embeddings ? VectorOf(output.Embedding?.Values) : null,
            Finite(line.Input?.Moment)
        );
    }

    private string? LanguageOf(InputSummary? input)
    {
        if (input?.Language is not { } language || LanguageTag().IsMatch(language))
        {
            return input?.Language;
        }
        leftOut.Add(LeftOut.Languages);
        return null;
    }

    private string? TextOf(CaptureRecord line)
    {
        if (line.Input?.Payload is not { } text)
        {
            return null;
        }
        string? given =
            text.Length > ExportLimits.MaxPayloadCharacters ? null
            : plan.Redact.Count == 0 ? text
            : Mask.Apply(text, line.Output);
        leftOut.Add(LeftOut.Texts, given is null ? 1 : 0);
        return given;
    }

    private Dictionary<string, double> FeaturesOf(IReadOnlyDictionary<string, double>? values)
    {
        Dictionary<string, double> finite = Named(values);
        foreach ((string name, double value) in finite)
        {
            if (Finite(value) is null)
            {
                finite.Remove(name);
            }
        }
        return finite;
    }

    private Dictionary<string, T> Named<T>(IReadOnlyDictionary<string, T>? values)
    {
        Dictionary<string, T> named = new((values ?? new Dictionary<string, T>()).Where(value => ColumnNames.IsName(value.Key)));
        leftOut.Add(LeftOut.Names, (values?.Count ?? 0) - named.Count);
        return named;
    }

    private float[]? VectorOf(IReadOnlyList<float>? values)
    {
        if (values is null)
        {
            return null;
        }
        if (values.Count is > 0 and <= ExportLimits.MaxDimensions && values.All(float.IsFinite))
        {
            return [.. values];
        }
        leftOut.Add(LeftOut.Vectors);
        return null;
    }

    private double? Finite(double? value)
    {
        if (value is not { } number || double.IsFinite(number))
        {
            return value;
        }
        leftOut.Add(LeftOut.NotFinite);
        return null;
    }

    /// <summary>A language tag as callers give them (RFC 5646): "en", "pt-BR".</summary>
    [GeneratedRegex(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\z")]
    private static partial Regex LanguageTag();
}
