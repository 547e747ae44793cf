"""What one would write with pandas and SciPy: a test per column at 5 %.

Usage: python scipy_tests.py TABLE.parquet RESULT.json
Two-sample Kolmogorov-Smirnov for numbers, chi-squared of the counts for texts.
"""
import pandas as pd
import scipy
from scipy.stats import chi2_contingency, ks_2samp

from wide_table import run


def p_of_numbers(a, b):
    return ks_2samp(a.dropna(), b.dropna()).pvalue


def p_of_texts(a, b):
    counts = pd.concat([a.value_counts(), b.value_counts()], axis=1).fillna(0)
    return chi2_contingency(counts.to_numpy()).pvalue


def peer(baseline, incident, numbers, texts):
    drifted = sum(p_of_numbers(baseline[c], incident[c]) < 0.05 for c in numbers)
    drifted += sum(p_of_texts(baseline[c], incident[c]) < 0.05 for c in texts)
    return scipy.__version__, int(drifted)


run(peer)
