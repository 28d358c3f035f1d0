import {test} from 'vitest'
