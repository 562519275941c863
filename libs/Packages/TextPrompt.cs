namespace Serverless.Packages;

/// <summary>
/// What sentence-transformers puts before each text and does to it before the tokenizer sees it: config_sentence_transformers.json and
/// sentence_bert_config.json.
/// </summary>
internal static class TextPrompt
{
    private const string File = "config_sentence_transformers.json";
    private const string OtherFile = "sentence_bert_config.json";

    /// <summary>The prompt that the package names as its default; null where it names none.</summary>
    /// <param name="notes">Takes what is not followed.</param>
    public static string? Read(PackageFiles files, ModelTask task, PoolingConfig? pooling, List<string> notes)
    {
        if (files.FindJson(OtherFile)?.Flag("do_lower_case") == true)
        {
            notes.Add($"{OtherFile}: do_lower_case is not followed: texts keep their case, unless the tokenizer changes it.");
        }
        if (files.FindJson(File) is not { } json)
        {
            return null;
        }
        if (task == ModelTask.TextEmbedding && json.Text("similarity_fn_name") is { } similarity && similarity != "cosine")
        {
            notes.Add($"{File}: similarity_fn_name is {similarity}, which is not followed: vectors are compared by their cosine.");
        }
        if (json.Text("default_prompt_name") is not { } name)
        {
            return null;
        }
        string prompt = json.Object("prompts")?.Text(name)
            ?? throw json.Reject("default_prompt_name", $"\"{name}\", which \"prompts\" does not have", "one of its names");
        if (task != ModelTask.TextEmbedding)
        {
            notes.Add($"{File}: default_prompt_name is not followed, since the task is {task}: texts are taken as they are given.");
            return null;
        }
        if (prompt.Length > 0 && pooling is { IncludesPrompt: false })
        {
            notes.Add("1_Pooling/config.json: include_prompt is false, which is not followed: the prompt's tokens are pooled too.");
        }
        return prompt;
    }
}
