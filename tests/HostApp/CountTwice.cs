using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace Serverless.HostApp;

/// <summary>Doubles a number in an activity and adds it to a counter.</summary>
public static class CountTwice
{
    [Function(nameof(CountTwice))]
    public static async Task<int> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, int number)
    {
        int twice = await context.CallActivityAsync<int>(nameof(Double), number);
        return await context.Entities.CallEntityAsync<int>(
            new EntityInstanceId(nameof(Counter), context.InstanceId),
            nameof(Counter.Add),
            twice
        );
    }

    [Function(nameof(Double))]
    public static int Double([ActivityTrigger] int number) => 2 * number;
}
