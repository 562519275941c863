using Serverless.Validation.Golden;
using Serverless.Validation.Reports;
using Serverless.Validation.Trials;

namespace Serverless.Validation.Judging;

/// <summary>The gates that a trial passes or not by what happened in it.</summary>
internal static class TrialGates
{
    public const string LoadStep = "load";

    public static Gate Load(TrialSide candidate)
    {
        const string wanted = "opens and answers a first input within its memory and time";
        return candidate.Fault is { Step: LoadStep } fault
            ? new Gate("load", false, Name(fault.End), wanted, $"The model could not be loaded in a process of its own. {fault.Message}")
            : new Gate(
                "load",
                true,
                $"{candidate.LoadMilliseconds:0} ms",
                wanted,
                $"The model opened and answered a first input in {candidate.LoadMilliseconds:0} ms."
            );
    }

    public static Gate GoldenSet(ValidationFacts facts, GateOptions options)
    {
        bool required = options.RequiresGolden(facts.Environment);
        string wanted = required ? $"a golden set of {options.MinItems} items or more" : "a golden set, if there is one";
        return facts.Golden switch
        {
            null => new Gate(
                "golden set",
                !required,
                "none",
                wanted,
                $"There is no golden set for {facts.Model} in {facts.Environment}, and none for "
                    + $"{GoldenScope.OfTask(facts.Task)}"
                    + (required ? $"; store one with POST /api/golden/models/{facts.Model}." : "; the other gates alone decide.")
            ),
            { Items: var items } when items < options.MinItems => new Gate(
                "golden set",
                false,
                $"{items} items",
                wanted,
                $"The golden set of {facts.Golden.Scope} has {items} items, too few to tell versions apart; {options.MinItems} are wanted."
            ),
            { } set => new Gate(
                "golden set",
                true,
                $"{set.Items} items",
                wanted,
                $"The golden set of {set.Scope} has {set.Items} items (digest {set.Digest[..12]})."
            ),
        };
    }

    /// <summary>Every item must be answered, and by numbers.</summary>
    public static Gate Answers(TrialSide candidate, IReadOnlyList<GoldenItem> golden)
    {
        const string wanted = "every item answered with finite numbers";
        int[] without = [.. Enumerable.Range(0, candidate.Answers.Count).Where(i => candidate.Answers[i].Fault is not null)];
        if (candidate.Answers.Count < golden.Count)
        {
            return new Gate(
                "answers",
                false,
                $"{candidate.Answers.Count} of {golden.Count}",
                wanted,
                $"Only {candidate.Answers.Count} of {golden.Count} items of the golden set were answered before the trial ended."
            );
        }
        return without.Length == 0
            ? new Gate(
                "answers",
                true,
                $"{golden.Count} of {golden.Count}",
                wanted,
                $"All {golden.Count} items of the golden set were answered with finite numbers."
            )
            : new Gate(
                "answers",
                false,
                $"{golden.Count - without.Length} of {golden.Count}",
                wanted,
                $"{without.Length} of {golden.Count} items of the golden set have no answer, the first of them "
                    + $"'{golden[without[0]].Id}': {candidate.Answers[without[0]].Fault}"
            );
    }

    public static Gate Probe(ProbeFinding finding) =>
        new(
            $"robustness: {finding.Probe}",
            finding.Passed,
            finding.Passed ? "withstood" : "failed",
            finding.Probe == "permuted batch" ? "the same answers" : "finite numbers, no crash",
            finding.Passed
                ? $"The model withstood {Say(finding.Probe)}."
                : $"The model did not withstand {Say(finding.Probe)}. {finding.Found}"
        );

    public static Gate Ended(TrialFault fault) =>
        new(
            "trial",
            false,
            Name(fault.End),
            "a trial that runs to its end",
            $"The trial ended at the step '{fault.Step}'. {fault.Message}"
        );

    private static string Name(TrialEnd end) =>
        end switch
        {
            TrialEnd.Refused => "refused",
            TrialEnd.Crashed => "crashed",
            TrialEnd.TimeLimit => "over its time",
            TrialEnd.ProcessorLimit => "over its processor time",
            _ => "over its memory",
        };

    private static string Say(string probe) =>
        probe switch
        {
            "empty" => "empty input",
            "huge" => "huge input",
            "random bytes" => "random bytes",
            "unknown tokens" => "text of unknown tokens alone",
            "not numbers" => "NaN and infinity",
            _ => "other company in its batch",
        };
}
