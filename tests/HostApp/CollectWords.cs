using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.HostApp;

/// <summary>Begins anew with each word that somebody sends, and ends with all of them after "end".</summary>
public static class CollectWords
{
    [Function(nameof(CollectWords))]
    public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, string taken)
    {
        string word = await context.WaitForExternalEvent<string>("word");
        string all = $"{taken} {word}".Trim();
        if (word != "end")
        {
            context.ContinueAsNew(all);
        }
        return all;
    }
}
