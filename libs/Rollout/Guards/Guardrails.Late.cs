namespace Serverless.Rollout.Guards;

/// <summary>
/// What a candidate did since some moment of the step, for each of several moments: a test of the whole step would see a fault that began
/// late only once it has outweighed all that was well before. The j-th moment has 1/(j·(j+1)) of a test's error rate, so that all moments
/// of a step, however many there will be, have one test's.
/// </summary>
public sealed partial class Guardrails
{
    private GuardTest? WithLate(GuardTest? whole, GuardTally seen, Func<LateArm, LateArm, double, GuardTest?> test)
    {
        if (whole is not { IsBroken: false })
        {
            return whole;
        }
        GuardTest most = whole;
        foreach (LateBlock since in seen.Late.Since())
        {
            // Where all callers meet the candidate, the stable version has a past alone.
            LateArm stable = seen.Past is null ? since.Stable : LateOf(seen.Stable);
            if (stable.Requests == 0 || since.Canary.Requests == 0)
            {
                continue;
            }
            double threshold = Threshold + Math.Log((double)since.Number * (since.Number + 1));
            if (test(stable, since.Canary, threshold) is { } late && (late.IsBroken || late.Reading.Evidence > most.Reading.Evidence))
            {
                most = late with { Finding = late.Finding with { Message = $"Of late: {late.Finding.Message}" } };
            }
            if (most.IsBroken)
            {
                break;
            }
        }
        return most;
    }

    private static LateArm LateOf(ArmTally arm) =>
        new()
        {
            Requests = arm.Requests,
            Failed = arm.Failed,
            Invalid = arm.Invalid,
            Latency = arm.Latency,
        };
}
