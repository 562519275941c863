using System.CommandLine;
using System.Globalization;
using System.Net;
using Serverless.Local.Stack.Pages;
using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Capacity;

namespace Serverless.Local.Stack.Load;

/// <summary><c>load</c>: sends requests to an app at moments of their own, whatever it answers, and reports what callers met.</summary>
internal static class LoadCommand
{
    private const string Highest = "max";

    private static readonly Option<string?> At = new("--at")
    {
        Description = "Requests a second: 20, a ramp 5..50, several such with times (20 for 30s, 200 for 5s), or max to find the highest",
    };
    private static readonly Option<string?> Replay = new("--replay")
    {
        Description = "Captures (file or folder) to send again as they came",
    };
    private static readonly Option<string> Speed = new("--speed")
    {
        Description = "How much faster a replay is",
        DefaultValueFactory = _ => "1",
    };
    private static readonly Option<string> For = new("--for")
    {
        Description = "How long a rate without a time of its own lasts; of max each trial",
        DefaultValueFactory = _ => "30s",
    };
    private static readonly Option<string?> Address = new("--address")
    {
        Description = "Of a deployed app, with its key in the variable KEY; without it the stack that runs here",
    };
    private static readonly Option<string?> Mix = new("--mix")
    {
        Description = $"Sorts of requests and their shares: {LoadMix.Standard} (upload, predict:MODEL)",
    };
    private static readonly Option<string?> Bodies = new("--bodies")
    {
        Description = "File of JSON lines with requests of one's own instead of the samples",
    };
    private static readonly Option<string> Percentile = new("--percentile")
    {
        Description = "Of the objective",
        DefaultValueFactory = _ => "95",
    };
    private static readonly Option<string> Within = new("--within")
    {
        Description = "The time of the objective",
        DefaultValueFactory = _ => "500ms",
    };
    private static readonly Option<string> Errors = new("--errors")
    {
        Description = "The share that may fail",
        DefaultValueFactory = _ => "0.01",
    };
    private static readonly Option<string> Timeout = new("--timeout")
    {
        Description = "How long a request waits",
        DefaultValueFactory = _ => "30s",
    };
    private static readonly Option<int> Underway = NumberOption.Create("--most-underway", "Requests without an answer", 2_000, 1, 50_000);
    private static readonly Option<string> From = new("--from-rate") { Description = "Where max begins", DefaultValueFactory = _ => "5" };
    private static readonly Option<string> Most = new("--most-rate")
    {
        Description = "Where max ends at the latest",
        DefaultValueFactory = _ => "1000",
    };
    private static readonly Option<string> Precision = new("--precision")
    {
        Description = "How near max comes, as a share",
        DefaultValueFactory = _ => "0.1",
    };
    private static readonly Option<int> Repeats = NumberOption.Create("--repeats", "Trials of max at its end", 3, 1, 100);
    private static readonly Option<int> Seed = NumberOption.Create("--seed", "Of the arrivals", 1, 0, int.MaxValue / 2);
    private static readonly Option<string> Out = new("--out")
    {
        Description = "Folder for load.json and load.html",
        DefaultValueFactory = _ => Path.Combine(Checkout.Root, "artifacts"),
    };

    /// <summary>Ends with 0 where the objective was kept, 2 for bad input, 3 where it was missed, 4 where the generator was late.</summary>
    public static Command Create(Option<string> data)
    {
        Command command = new("load", "Send searches, predictions and uploads at a rate, or find the highest that keeps an objective")
        {
            At,
            Replay,
            Speed,
            For,
            Address,
            Mix,
            Bodies,
            Percentile,
            Within,
            Errors,
            Timeout,
            Underway,
            From,
            Most,
            Precision,
            Repeats,
            Seed,
            Out,
            data,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(parsed, Path.GetFullPath(parsed.GetValue(data)!), TimeProvider.System, cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string data, TimeProvider time, CancellationToken cancellationToken)
    {
        LoadTerms terms = new(
            LoadObjective.Of(Number(parsed, Percentile), Durations.Parse("--within", parsed.GetValue(Within)!), Number(parsed, Errors)),
            parsed.GetValue(Underway),
            parsed.GetValue(Seed)
        );
        TimeSpan lasts = Durations.Parse("--for", parsed.GetValue(For)!);
        string? at = parsed.GetValue(At),
            replay = parsed.GetValue(Replay);
        if (at is { Length: > 0 } == replay is { Length: > 0 })
        {
            throw new StackException("One of --at (AT=20, AT=5..50, AT=max) and --replay (REPLAY=captures) is needed.", 2);
        }
        IReadOnlyList<LoadBody> given = parsed.GetValue(Bodies) is { Length: > 0 } file
            ? await LoadBodies.ReadAsync(file, cancellationToken)
            : [];
        RateShape? shape = at is { Length: > 0 } and not Highest ? RateShape.Parse(at, lasts) : null;
        CapacityPlan? highest = at == Highest ? PlanOf(parsed, lasts) : null;
        CaptureReplay? calls = at is { Length: > 0 } ? null : await CaptureReplay.ReadAsync(replay!, given, cancellationToken);
        double speed = Positive(parsed, Speed);
        LoadMix mix = LoadMix.Parse(parsed.GetValue(Mix) is { Length: > 0 } text ? text : null, given);

        using HttpClient http = Connect(parsed.GetValue(Address), data);
        http.Timeout = Durations.Parse("--timeout", parsed.GetValue(Timeout)!);
        IEnumerable<LoadBody> firsts = calls?.Calls.Select(call => call.Body).DistinctBy(body => body.Sort) ?? mix.Firsts;
        await CheckAsync(http, firsts, cancellationToken);

        DateTimeOffset began = time.GetUtcNow();
        RateTrial trial = new(http, terms, time);
        LoadDocument document = new(
            http.BaseAddress!.GetLeftPart(UriPartial.Authority),
            began,
            MeasuredMachine.Name,
            calls is null ? mix.Sorts : [.. calls.Calls.CountBy(call => call.Body.Sort).Select(sort => $"{sort.Key}: {sort.Value}")],
            terms.Seed,
            terms.Objective.ToString(),
            [],
            null,
            NotesOf(calls, mix, http.BaseAddress)
        );
        if (highest is not null)
        {
            CapacityFinding finding = new(
                rate => TellAsync(trial.RunAsync(mix, RateShape.Constant(rate, lasts), RateTrialResult.LabelOf(rate), cancellationToken)),
                highest
            );
            CapacityFound found = await finding.FindAsync();
            document = document with { Trials = finding.Trials, Capacity = found };
        }
        else
        {
            Task<RateTrialResult> one = calls is null
                ? trial.RunAsync(mix, shape!, at!, cancellationToken)
                : ReplayAsync(trial, calls, speed, cancellationToken);
            document = document with { Trials = [await TellAsync(one)] };
        }
        await WriteAsync(document, Path.GetFullPath(parsed.GetValue(Out)!), cancellationToken);
        return document switch
        {
            { IsGood: true } => 0,
            { Last.Verdict: LoadVerdict.GeneratorBehind } => 4,
            _ => 3,
        };
    }

    private static Task<RateTrialResult> ReplayAsync(
        RateTrial trial,
        CaptureReplay replay,
        double speed,
        CancellationToken cancellationToken
    )
    {
        TimeSpan lasts = (replay.Calls[^1].At / speed) + TimeSpan.FromSeconds(1);
        return trial.RunAsync(
            number => replay.Calls[number].Body,
            replay.Calls.Select(call => call.At / speed),
            FormattableString.Invariant($"{replay.Calls.Count} captured calls, {speed:0.##} × as fast"),
            lasts,
            replay.Calls.Count,
            isSteady: false,
            cancellationToken
        );
    }

    /// <summary>One request of each sort, so that what can never succeed is not measured.</summary>
    private static async Task CheckAsync(HttpClient http, IEnumerable<LoadBody> firsts, CancellationToken cancellationToken)
    {
        foreach (LoadBody body in firsts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (int status, string answer) = await OpenLoop.AnswerAsync(http, _ => body.Request("load/first-"), 0, keepsAnswers: true);
            string what = $"{http.BaseAddress}{body.Path.Split('?')[0]}";
            if (status is >= 200 and < 300)
            {
                continue;
            }
            string shown = answer.ReplaceLineEndings(" ");
            throw new StackException(
                status switch
                {
                    0 => $"{what} cannot be reached ({shown.TrimEnd('.')}). Start it (make run), or name another with URL=https://app.",
                    (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden =>
                        $"{what} refuses the key ({status}). Set the variable KEY to a function key of the app that may do this.",
                    _ => $"{what} answered {status}: {shown[..Math.Min(shown.Length, 500)]}",
                },
                2
            );
        }
    }

    private static HttpClient Connect(string? address, string data)
    {
        if (address is not { Length: > 0 })
        {
            return HostConnection.OpenLocal(data);
        }
        return Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? HostConnection.OpenDeployed(uri)
            : throw new StackException($"The address is '{address}'; expected is one such as https://app.azurewebsites.net.", 2);
    }

    private static CapacityPlan PlanOf(ParseResult parsed, TimeSpan lasts)
    {
        double from = Positive(parsed, From),
            most = Positive(parsed, Most),
            precision = Positive(parsed, Precision);
        return from <= most && most <= RateShape.MostASecond && precision is >= 0.01 and <= 1
            ? new CapacityPlan(from, most, precision, parsed.GetValue(Repeats), lasts)
            : throw new StackException(
                FormattableString.Invariant(
                    $"max goes from {from} to {most} by {precision}; expected is a rising range to {RateShape.MostASecond} and 0.01 to 1."
                ),
                2
            );
    }

    private static List<string> NotesOf(CaptureReplay? replay, LoadMix mix, Uri address)
    {
        List<string> notes =
        [
            "Latencies count from the moment at which each request was due, and uploads end when they are accepted, not analysed.",
        ];
        if (address.IsLoopback)
        {
            notes.Add("The generator shares its machine with the service, which could do more without it.");
        }
        if (replay is null && mix.Firsts.Any(body => body.Sort == LoadBody.Upload))
        {
            notes.Add("What was uploaded is there to stay, under names that begin with load/; its analysis goes on behind the trials.");
        }
        if (replay is { Synthesised: > 0 })
        {
            notes.Add(
                $"{replay.Synthesised} of {replay.Calls.Count} captures have no payload; samples of about the same length were sent."
            );
        }
        return notes;
    }

    private static async Task<RateTrialResult> TellAsync(Task<RateTrialResult> running)
    {
        RateTrialResult trial = await running;
        Console.WriteLine(
            FormattableString.Invariant(
                $"  {trial.Load}: {trial.Requests} requests, {trial.Rate:0.##}/s, p50 {trial.P50:0.#} ms, p95 {trial.P95:0.#} ms, "
            ) + FormattableString.Invariant($"p99 {trial.P99:0.#} ms, {trial.Failed} failed{(trial.Why is null ? "" : $": {trial.Why}")}")
        );
        return trial;
    }

    private static async Task WriteAsync(LoadDocument document, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        string json = Path.Combine(folder, "load.json"),
            page = Path.Combine(folder, "load.html");
        await File.WriteAllTextAsync(json, document.ToJson(), cancellationToken);
        await File.WriteAllTextAsync(page, document.ToPage(), cancellationToken);
        Console.WriteLine(document.Verdict);
        Console.WriteLine($"{json}\n{page}");
    }

    private static double Positive(ParseResult parsed, Option<string> option) =>
        Number(parsed, option) is > 0 and var number
            ? number
            : throw new StackException($"{option.Name} is {parsed.GetValue(option)}; expected is a number above 0.", 2);

    private static double Number(ParseResult parsed, Option<string> option) =>
        double.TryParse(parsed.GetValue(option), CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new StackException($"{option.Name} is '{parsed.GetValue(option)}'; expected is a number.", 2);
}
