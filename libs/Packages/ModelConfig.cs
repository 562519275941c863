namespace Serverless.Packages;

/// <summary>config.json, as far as inference needs it.</summary>
public sealed record ModelConfig
{
    private const int MaxLabelLength = 1_000;

    public required string ModelType { get; init; }
    public required IReadOnlyList<string> Architectures { get; init; }

    /// <summary>In the order of the model's outputs; null where config.json has no id2label.</summary>
    public required IReadOnlyList<string>? Labels { get; init; }

    public required OutputFunction? Function { get; init; }
    public required int? HiddenSize { get; init; }
    public required int? MaxTokens { get; init; }
    public required int? PadTokenId { get; init; }
    public required int? VocabularySize { get; init; }

    /// <param name="notes">Takes what is not followed.</param>
    public static ModelConfig Load(PackageFiles files, ModelLimits limits, List<string> notes)
    {
        JsonFile json = files.LoadJson("config.json");
        JsonFile text = json.Object("text_config") ?? json; // where a model for more than texts says what it takes of them
        return new ModelConfig
        {
            ModelType = json.Text("model_type") ?? "",
            Architectures = json.Texts("architectures") ?? [],
            Labels = ReadLabels(json, limits),
            Function = ScoreFunction.Read(files, json, notes),
            HiddenSize = json.Integer("hidden_size") ?? json.Integer("dim") ?? json.Integer("d_model"),
            MaxTokens = ReadMaxTokens(text, limits),
            PadTokenId = text.Integer("pad_token_id"),
            VocabularySize = text.Integer("vocab_size"),
        };
    }

    private static string[]? ReadLabels(JsonFile json, ModelLimits limits)
    {
        if (json.Object("id2label") is not { } id2label)
        {
            return null;
        }
        var labels = new SortedDictionary<int, string>();
        foreach ((string id, string label) in id2label.Properties())
        {
            if (!int.TryParse(id, out int index) || !labels.TryAdd(index, label) || label.Length > MaxLabelLength)
            {
                throw json.Reject(
                    "id2label",
                    $"the entry \"{id}\" with a label of {label.Length} characters",
                    $"each number once, with a label of at most {MaxLabelLength} characters"
                );
            }
            if (labels.Count > limits.MaxLabels)
            {
                throw json.Reject("id2label", $"more than {limits.MaxLabels} labels", $"at most {limits.MaxLabels}");
            }
        }
        if (labels.Count > 0 && (labels.Keys.First() != 0 || labels.Keys.Last() != labels.Count - 1))
        {
            throw json.Reject(
                "id2label",
                $"{labels.Count} labels numbered {labels.Keys.First()} to {labels.Keys.Last()}",
                $"the numbers 0 to {labels.Count - 1}"
            );
        }
        if (json.Integer("num_labels") is { } count && count != labels.Count)
        {
            throw json.Reject("num_labels", $"{count}", $"{labels.Count}, the number of id2label's entries");
        }
        return labels.Count == 0 ? null : [.. labels.Values];
    }

    /// <summary>RoBERTa and its kin number positions from pad_token_id + 1, so that many fewer tokens fit.</summary>
    private static int? ReadMaxTokens(JsonFile json, ModelLimits limits)
    {
        if ((json.Integer("max_position_embeddings") ?? json.Integer("n_positions")) is not { } positions)
        {
            return null;
        }
        bool offset = json.Text("model_type") is "roberta" or "xlm-roberta" or "camembert" or "mpnet" or "longformer" or "xlm-roberta-xl";
        int tokens = offset ? positions - (json.Integer("pad_token_id") ?? 1) - 1 : positions;
        return tokens > 0 && tokens <= limits.MaxTokens
            ? tokens
            : throw json.Reject("max_position_embeddings", $"{positions}", $"1 to {limits.MaxTokens} tokens");
    }
}
