using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.HostApp;

/// <summary>Ends with the word that somebody sends.</summary>
public static class WaitForWord
{
    [Function(nameof(WaitForWord))]
    public static Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.WaitForExternalEvent<string>("word");
}
