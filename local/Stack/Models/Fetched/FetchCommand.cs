using System.CommandLine;
using Serverless.Local.Stack.Processes;
using Spectre.Console;

namespace Serverless.Local.Stack.Models.Fetched;

/// <summary><c>fetch-models</c>: what the uploads' embeddings are best made with; without it the small samples do.</summary>
internal static class FetchCommand
{
    public static Command Create()
    {
        Command command = new(
            "fetch-models",
            $"Fetch the public models into {ModelCache.Root} ({ModelCache.Variable} names another folder)"
        );
        command.SetAction((_, cancellationToken) => RunAsync(TimeProvider.System, cancellationToken));
        return command;
    }

    /// <summary>Never fails for want of a network: whoever has none works with the samples.</summary>
    private static async Task<int> RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        RedirectedOutput.Prepare();
        foreach (FetchedModel model in FetchedModel.All.Where(model => !model.IsPresent))
        {
            try
            {
                await FetchAsync(model, time, cancellationToken);
            }
            catch (Exception e) when (e is FetchException or IOException or UnauthorizedAccessException)
            {
                Console.WriteLine($"{model.Name} is not there, so the small sample serves {model.Role}: {e.Message}");
            }
        }
        return 0;
    }

    private static async Task FetchAsync(FetchedModel model, TimeProvider time, CancellationToken cancellationToken)
    {
        long startedAt = time.GetTimestamp();
        string what = $"{model.Name} ({model.Source.Id} {model.Source.Version}, {model.Megabytes} MB)";
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine($"Fetching {what} ...");
            await ModelFetch.RunAsync(model, time, cancellationToken);
        }
        else
        {
            await AnsiConsole
                .Status()
                .StartAsync($"Fetching {Markup.Escape(what)} ...", _ => ModelFetch.RunAsync(model, time, cancellationToken));
        }
        Console.WriteLine($"Fetched {what} in {time.GetElapsedTime(startedAt).TotalSeconds:0} s: {model.Folder}");
    }
}
