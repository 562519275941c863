using Serverless.Local.Stack.Models.Fetched;
using Serverless.Local.Stack.Processes;

namespace Serverless.Local.Stack;

/// <summary><c>run</c>: the stack in the foreground, until Ctrl+C or SIGTERM.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(StackOptions options, bool separate, TimeProvider time, CancellationToken cancellationToken)
    {
        Console.WriteLine(separate ? "Starting dev, qa and prod, one after the other ..." : "Starting ...");
        options = FetchedRoles.AddTo(options);
        if (separate)
        {
            await using SeparateEnvironments all = await SeparateEnvironments.StartAsync(options, Tell, time, cancellationToken);
            return await ServeAsync(all.Stacks, time, cancellationToken);
        }
        await using LocalStack stack = await LocalStack.StartAsync(options, time, cancellationToken);
        Announce(stack);
        Console.WriteLine("One app serves dev, qa and prod from the same stores; --environments separate parts them.");
        return await ServeAsync([stack], time, cancellationToken);
    }

    private static void Tell(LocalStack stack)
    {
        Console.WriteLine();
        Console.WriteLine($"{stack.Options.Environment}");
        Announce(stack);
    }

    private static async Task<int> ServeAsync(IReadOnlyList<LocalStack> stacks, TimeProvider time, CancellationToken cancellationToken)
    {
        Console.WriteLine("Ctrl+C stops it.");
        try
        {
            await TellOfMembersAsync(stacks, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("Stopping: work in flight is finished or handed back ...");
        }
        return 0;
    }

    /// <summary>Until the end: which member keeps ending, and that it runs again.</summary>
    private static async Task TellOfMembersAsync(IReadOnlyList<LocalStack> stacks, TimeProvider time, CancellationToken cancellationToken)
    {
        HashSet<ChildProcess> told = [];
        using PeriodicTimer look = new(TimeSpan.FromSeconds(1), time);
        while (await look.WaitForNextTickAsync(cancellationToken))
        {
            foreach (ChildProcess member in stacks.SelectMany(stack => stack.Members))
            {
                if (member.KeepsEnding && told.Add(member))
                {
                    Console.WriteLine($"{member.Name} keeps ending and is started again every 15 seconds; its log: {member.LogFile}");
                }
                else if (!member.KeepsEnding && told.Remove(member))
                {
                    Console.WriteLine($"{member.Name} runs again.");
                }
            }
        }
    }

    private static void Announce(LocalStack stack)
    {
        StackPorts ports = stack.Options.Ports;
        // Unwrapped, so that each line can be copied whole.
        static void Row(string what, string where) => Console.WriteLine($"{what, -21} {where}");
        Row("Console", $"{stack.FunctionsAddress}api/console?code={stack.FunctionsKey}");
        Row(
            "Upload over HTTP",
            $"curl -X POST --data-binary @photo.jpg '{stack.FunctionsAddress}api/assets?name=photo.jpg&code={stack.FunctionsKey}'"
        );
        Row(
            "Upload to Azure Blob",
            $"container media at http://127.0.0.1:{ports.Blob}/devstoreaccount1 (the emulator's well-known account)"
        );
        Row(
            "Upload to S3",
            $"aws --endpoint-url {stack.S3Address} s3 cp photo.jpg s3://{stack.Options.Bucket}/media/ (key and secret: S3RVER)"
        );
        Row("Search", $"curl '{stack.FunctionsAddress}api/search?q=storm+in+the+harbour&code={stack.FunctionsKey}'");
        Row("Metrics", $"{stack.FunctionsAddress}api/metrics?code={stack.FunctionsKey}");
        foreach (Uri worker in stack.WorkerMetrics)
        {
            Row("Metrics of gpu-batch", worker.ToString());
        }
        Row("Kept in", stack.Options.DataDirectory);
    }
}
