namespace Serverless.Local.Stack.Models.Fetched;

/// <summary>Has a stack's uploads looked at by the public models where they have been fetched.</summary>
public static class FetchedRoles
{
    private static readonly (string Role, string Setting)[] Settings =
    [
        ("textEmbedding", "Roles:TextEmbedding"),
        ("imageEmbedding", "Roles:ImageEmbedding"),
    ];

    /// <summary>The same stack with the fetched models registered beside the samples, and in their roles.</summary>
    public static StackOptions AddTo(StackOptions options)
    {
        Dictionary<string, string> models = new(options.Models);
        Dictionary<string, string> settings = new(options.Settings);
        foreach ((string role, string setting) in Settings)
        {
            if (FetchedModel.FindFor(role) is { } model)
            {
                models[model.Name] = model.Folder;
                settings.TryAdd(setting, model.Name);
            }
        }
        return options with { Models = models, Settings = settings };
    }
}
