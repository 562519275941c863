namespace Serverless.Rollout.Guards;

/// <summary>
/// What a candidate did since some moment of the step, for each of several moments: a test of the whole step would see a fault that began
/// late only once it has outweighed all that was well before. The j-th moment has 1/(j·(j+1)) of a test's error rate, so that all moments
/// of a step, however many there will be, have one test's.
/// </summary>
public sealed partial class Guardrails
{
    /// <summary>The test of the whole step; that of a late part where it says more.</summary>
    /// <param name="test">Of what was seen of the stable version and of the candidate, and of the evidence that breaks it.</param>
    private GuardTest? WithLate(GuardTally seen, Func<ArmTally, ArmTally, double, GuardTest?> test)
    {
        GuardTest? most = test(seen.Stable, seen.Canary, Threshold);
        foreach (LateBlock since in seen.Late.Since())
        {
            if (most is not { IsBroken: false })
            {
                break;
            }
            // Where all callers meet the candidate, the stable version has a past alone.
            ArmTally stable = seen.Past is null ? since.Stable : seen.Stable;
            double threshold = Threshold + Math.Log((double)since.Number * (since.Number + 1));
            if (test(stable, since.Canary, threshold) is { } late && (late.IsBroken || late.Reading.Evidence > most.Reading.Evidence))
            {
                most = late with { Finding = late.Finding with { Message = $"Of late: {late.Finding.Message}" } };
            }
        }
        return most;
    }
}
