using Serverless.Local.Stack.Models.Fetched;

namespace Serverless.Local.Stack.Models;

/// <summary>Which models look at the uploads of a stack: the public ones where they have been fetched, else the samples.</summary>
internal static class AnalysisModels
{
    /// <summary>The same stack with the fetched models registered beside the samples, and in their roles.</summary>
    public static StackOptions WithFetched(StackOptions options)
    {
        Dictionary<string, string> models = new(options.Models);
        Dictionary<string, string> settings = new(options.Settings);
        foreach ((string role, string setting) in new[] { ("textEmbedding", "TextEmbedding"), ("imageEmbedding", "ImageEmbedding") })
        {
            if (FetchedModel.FindFor(role) is { } model)
            {
                models[model.Name] = model.Folder;
                settings.TryAdd($"Roles:{setting}", model.Name);
            }
        }
        return options with { Models = models, Settings = settings };
    }
}
