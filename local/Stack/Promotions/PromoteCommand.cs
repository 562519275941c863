using System.CommandLine;
using System.Globalization;

namespace Serverless.Local.Stack.Promotions;

/// <summary><c>promote</c>: asks for a promotion, shows its steps and waits for the verdict.</summary>
internal static class PromoteCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "The model's name", Required = true };
    private static readonly Option<int> Version = new("--version") { Description = "The version to promote", Required = true };
    private static readonly Option<string> From = new("--from")
    {
        Description = "The environment in which it serves now; empty for none",
        DefaultValueFactory = _ => "",
    };
    private static readonly Option<string> To = new("--to") { Description = "The environment in which it shall serve", Required = true };
    private static readonly Option<string> By = new("--by") { Description = "Who asks", DefaultValueFactory = _ => Environment.UserName };
    private static readonly Option<string?> Plan = new("--plan")
    {
        Description = "Members that replace those of the environment's plan, as JSON",
    };
    private static readonly Option<bool> Queue = new("--queue") { Description = "Wait behind another promotion of the model" };
    private static readonly Option<string?> Key = new("--key") { Description = "Asking again with the same key is the same promotion" };

    private static readonly Option<int?> Port = NumberOption.PortOfApp();

    public static Command Create(Option<string> data)
    {
        Command command = new("promote", "Promote a version of a model and wait for the verdict")
        {
            Model,
            Version,
            From,
            To,
            By,
            Plan,
            Queue,
            Key,
            data,
            Port,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                string from = parsed.GetValue(From)!;
                PromotionAsked asked = new(
                    parsed.GetValue(Model)!,
                    parsed.GetValue(Version),
                    from.Length == 0 ? null : from,
                    parsed.GetValue(To)!,
                    parsed.GetValue(By)!,
                    parsed.GetValue(Plan),
                    parsed.GetValue(Queue),
                    parsed.GetValue(Key)
                );
                return RunAsync(
                    asked,
                    Path.GetFullPath(parsed.GetValue(data)!),
                    parsed.GetValue(Port),
                    TimeProvider.System,
                    cancellationToken
                );
            }
        );
        return command;
    }

    /// <returns>0 for "promoted", 2 for "rejected", 3 for "rolled back".</returns>
    private static async Task<int> RunAsync(
        PromotionAsked asked,
        string data,
        int? port,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using HttpClient http = HostConnection.OpenLocal(data, port);
        PromotionClient client = new(http, time);
        PromotionSeen seen = await client.StartAsync(asked, cancellationToken);
        Console.WriteLine($"Promotion {seen.Id}: {new Uri(http.BaseAddress!, seen.Status)}");
        HashSet<string> told = [];
        while (true)
        {
            foreach (StepSeen step in seen.Steps)
            {
                if (step.State is not "waiting" && told.Add($"{step.Name} {step.State} {step.Detail}"))
                {
                    Console.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"  {step.Ended ?? step.Started:HH:mm:ss}  {step.Name, -14} {step.State, -8} {step.Detail}"
                        )
                    );
                }
            }
            if (seen.Verdict is not null)
            {
                break;
            }
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            seen = await client.FetchAsync(seen.Id, cancellationToken);
        }
        Console.WriteLine(seen.Reason is null ? seen.Verdict : $"{seen.Verdict}: {seen.Reason}");
        return seen.Verdict switch
        {
            "promoted" => 0,
            "rejected" => 2,
            _ => 3,
        };
    }
}
